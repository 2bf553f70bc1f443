// The file of a library, read once through one descriptor, and the copy of exactly those bytes that
// is mapped. Mapping the original would end the process by SIGBUS when somebody truncates or
// overwrites it. Start-up and reload, one thread.
#pragma once

#include <filesystem>
#include <string>

#include "plugin/descriptor.hpp"

namespace gantry::plugin {

// All bytes of a regular file; `file` is its name in errors. Throws LoadError.
std::string read_library(const Descriptor& in, const std::filesystem::path& file);

// Stores `bytes` as <state_dir>/loaded/<sha256>.so unless it is there already, and gives the
// absolute path. Never changes a file that may be mapped: it writes another one and renames it.
// trusted_folder: a folder that others can write to is refused. Throws LoadError that names
// `original`.
std::filesystem::path store_copy(const std::string& bytes, const std::string& sha256,
                                 const std::filesystem::path& state_dir,
                                 const std::filesystem::path& original, bool trusted_folder);

}  // namespace gantry::plugin
