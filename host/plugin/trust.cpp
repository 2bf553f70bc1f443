#include "plugin/trust.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

namespace gantry::plugin {
namespace {

namespace fs = std::filesystem;

struct stat look_at(const Descriptor& descriptor) {
  struct stat facts {};
  if (fstat(descriptor.get(), &facts) != 0) throw std::system_error(errno, std::generic_category());
  return facts;
}

bool is_sticky_folder(const struct stat& facts) {
  return S_ISDIR(facts.st_mode) && (facts.st_mode & S_ISVTX) != 0;
}

// One of the folders or the file, on its descriptor.
Faults find_faults(const fs::path& path, const struct stat& facts, uid_t owner) {
  Faults faults;
  if (facts.st_uid != 0 && facts.st_uid != owner) {
    faults.push_back(
        {path.string() + " belongs to " + user_name(facts.st_uid) + ", not to root" +
             (owner == 0 ? "" : " or " + user_name(owner)),
         "chown root " + path.string() + ", or name who may own plugins: owner under [plugins]"});
  }
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    std::array<char, 8> mode{};
    std::snprintf(mode.data(), mode.size(), "%04o", facts.st_mode & 07777U);
    const char* who = (facts.st_mode & S_IWOTH) != 0 ? "everybody" : "its group";
    faults.push_back(
        {path.string() + " can be written to by " + who + " (mode " + mode.data() + ")",
         is_sticky_folder(facts)
             ? "keep plugins in another folder; nothing below this one is loaded"
             : "chmod go-w " + path.string()});
  }
  return faults;
}

Fault link_on_the_way(const fs::path& link, const fs::path& file) {
  std::error_code error;
  const fs::path real = fs::canonical(file, error);
  return {link.string() + " is a symbolic link",
          error ? "write the path without it to `library`, or to dirs under [plugins]"
                : "write the path without it, " + real.string() +
                      ", to `library`, or its folder to dirs under [plugins]"};
}

[[noreturn]] void refuse_to_open(const fs::path& file, int error) {
  throw LoadError(file.string(),
                  {{"can't be opened: " + std::generic_category().message(error),
                    "check `library` and that this user may read the file and its folders"}});
}

// Non-blocking, or a named pipe in the place of a library would hang the start; regular files
// ignore it.
constexpr int kToRead = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
// A folder that may be passed through may not be readable, and a link is opened itself.
constexpr int kToPass = O_PATH | O_CLOEXEC | O_NOFOLLOW;

// From / to the file, each name looked up in the folder that was looked at before, so that nobody
// can exchange one in between. Ends at the first symbolic link.
Descriptor walk(const fs::path& file, uid_t owner, Faults& broken) {
  fs::path path = "/";
  Descriptor here(open("/", kToPass | O_DIRECTORY));
  if (!here) refuse_to_open(file, errno);
  const auto note = [&](const struct stat& facts) {
    for (Fault& fault : find_faults(path, facts, owner)) broken.push_back(std::move(fault));
  };
  note(look_at(here));
  const fs::path names = file.relative_path();
  for (auto name = names.begin(); name != names.end(); ++name) {
    path /= *name;
    const bool last = std::next(name) == names.end();
    Descriptor next(openat(here.get(), name->c_str(), last ? kToRead | O_NOFOLLOW : kToPass));
    const int error = errno;
    if (!next && (!last || error != ELOOP)) refuse_to_open(file, error);
    if (!next || S_ISLNK(look_at(next).st_mode)) {
      broken.push_back(link_on_the_way(path, file));
      return Descriptor(-1);
    }
    note(look_at(next));
    here = std::move(next);
  }
  return here;
}

}  // namespace

std::string user_name(uid_t user) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> text{};
  if (getpwuid_r(user, &entry, text.data(), text.size(), &found) == 0 && found != nullptr)
    return found->pw_name;
  return "uid " + std::to_string(user);
}

Descriptor open_library(const fs::path& file, const Trust& trust, Faults& broken) {
  // Without a link on the way "x/.." is nowhere else than here.
  Descriptor checked = walk(fs::absolute(file).lexically_normal(), trust.owner, broken);
  if (broken.empty()) return checked;
  if (trust.enforced) throw LoadError(file.string(), broken);
  Descriptor as_it_is(open(file.c_str(), kToRead));
  if (!as_it_is) refuse_to_open(file, errno);
  return as_it_is;
}

Faults find_foreign_hands(const fs::path& folder) {
  Faults faults;
  for (fs::path path = fs::canonical(folder);; path = path.parent_path()) {
    const Descriptor here(open(path.c_str(), kToPass | O_DIRECTORY));
    if (!here) throw std::system_error(errno, std::generic_category());
    struct stat facts = look_at(here);
    if (is_sticky_folder(facts)) facts.st_mode &= ~(S_IWGRP | S_IWOTH);
    for (Fault& fault : find_faults(path, facts, geteuid())) faults.push_back(std::move(fault));
    if (path == path.root_path()) return faults;
  }
}

}  // namespace gantry::plugin
