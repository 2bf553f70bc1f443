#include "embedded/postgres_programs.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace gantry::embedded {
namespace fs = std::filesystem;
namespace {

bool has_programs(const fs::path& folder) {
  return access((folder / "initdb").c_str(), X_OK) == 0 &&
         access((folder / "postgres").c_str(), X_OK) == 0;
}

// The number at the end of "pgsql-16", or of "15" alone.
int version_of(const std::string& name) {
  const std::size_t begin = name.find_first_of("0123456789");
  return begin == std::string::npos ? 0 : std::atoi(name.c_str() + begin);
}

struct Found {
  int version;
  fs::path programs;
};

// Debian has /usr/lib/postgresql/15/bin, the RPMs of postgresql.org /usr/pgsql-16/bin.
void look_below(const fs::path& folder, const std::string& prefix, std::vector<Found>& found) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    const fs::path programs = entry.path() / "bin";
    if (name.starts_with(prefix) && has_programs(programs)) {
      found.push_back({version_of(name), programs});
    }
  }
}

[[noreturn]] void missing(const std::string& where) {
  throw ProgramMissing("PostgreSQL's server programs (initdb, postgres) are not " + where +
                       ". Install them: apt-get install postgresql (Debian, Ubuntu) or dnf install "
                       "postgresql-server (Fedora, RHEL), or name their folder in "
                       "GANTRY_POSTGRES_BIN.");
}

}  // namespace

fs::path find_postgres_programs() {
  if (const char* folder = std::getenv("GANTRY_POSTGRES_BIN")) {
    if (has_programs(folder)) return folder;
    missing(std::string("in GANTRY_POSTGRES_BIN, ") + folder);
  }
  std::vector<Found> found;
  look_below("/usr/lib/postgresql", "", found);
  look_below("/usr", "pgsql-", found);
  const auto newest =
      std::max_element(found.begin(), found.end(),
                       [](const Found& a, const Found& b) { return a.version < b.version; });
  if (newest != found.end()) return newest->programs;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (!folder.empty() && has_programs(folder)) return folder;
  }
  missing("in /usr/lib/postgresql/*/bin, /usr/pgsql-*/bin or PATH");
}

std::optional<User> server_user() {
  if (geteuid() != 0) return std::nullopt;
  for (const char* name : {"postgres", "nobody"}) {
    const passwd* const entry = getpwnam(name);
    if (entry == nullptr) continue;
    User user{name, entry->pw_uid, entry->pw_gid, std::vector<gid_t>(64)};
    int count = static_cast<int>(user.groups.size());
    if (getgrouplist(name, user.gid, user.groups.data(), &count) < 0) count = 1;
    user.groups.resize(static_cast<std::size_t>(count));
    return user;
  }
  throw std::runtime_error(
      "PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody: "
      "start this as another user");
}

}  // namespace gantry::embedded
