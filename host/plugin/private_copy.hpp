// The file of a library, read once through one descriptor, and the copy of exactly those bytes that
// is mapped. Mapping the original would end the process by SIGBUS when somebody truncates or
// overwrites it. Start-up and reload, one thread.
#pragma once

#include <filesystem>
#include <string>

namespace gantry::plugin {

// All bytes of a regular file. Throws LoadError.
std::string read_library(const std::filesystem::path& file);

// Stores `bytes` as <folder>/<sha256>.so unless it is there already, and gives the absolute path.
// Never changes a file that may be mapped: it writes another one and renames it. Throws LoadError
// that names `original`.
std::filesystem::path store_copy(const std::string& bytes, const std::string& sha256,
                                 const std::filesystem::path& folder,
                                 const std::filesystem::path& original);

}  // namespace gantry::plugin
