// Whose files become code of this process. A library and each folder above it, up to /, belong to
// root or to one owner, nobody else may write to them, and no symbolic link is on the way: whoever
// could change one of them could put code of theirs into the host. What is found out holds for the
// descriptor that it was found out on, whatever becomes of the path. Start-up and reload, one
// thread.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "plugin/descriptor.hpp"
#include "plugin/load_error.hpp"

namespace gantry::plugin {

std::string user_name(uid_t user);  // "uid 1234" where it has none

struct Trust {
  uid_t owner;           // may own files and folders, besides root
  bool enforced = true;  // false, for development: what breaks the rules is told and loaded
};

// The library, open for reading: the file that was looked at. Where a rule is broken it throws
// LoadError with all that are, or, where they are not enforced, says so in `broken` and opens the
// path as it is. Throws LoadError where the file can't be opened, too.
Descriptor open_library(const std::filesystem::path& file, const Trust& trust, Faults& broken);

// What is wrong with a folder that only this process should be able to put files into. One like
// /tmp above it is right: its sticky bit keeps others from replacing what is this user's there.
// Symbolic links are followed first. Throws std::system_error where it can't be looked at.
Faults find_foreign_hands(const std::filesystem::path& folder);

}  // namespace gantry::plugin
