// A new plugin's files, made of templates: file names and contents with @NAME@ (acme-audit), @ID@
// (acme_audit) and @CLASS@ (AcmeAudit) filled in; a template's own name ends in .in. One thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gantry::cli {

// Writes the files into `folder`, which is made, or is there and empty; returns them relative to
// it, in order. Throws std::runtime_error with what, where and remedy, and then has written nothing
// where the name, the templates or the folder are not what they have to be.
std::vector<std::filesystem::path> write_plugin(const std::filesystem::path& templates,
                                                const std::string& name,
                                                const std::filesystem::path& folder);

}  // namespace gantry::cli
