#include "plugin/private_copy.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "plugin/load_error.hpp"
#include "plugin/trust.hpp"

namespace gantry::plugin {
namespace {

constexpr off_t kLargest = off_t{1} << 30;  // a mistake, not a plugin

[[noreturn]] void refuse(const std::filesystem::path& file, std::string message,
                         std::string remedy) {
  throw LoadError(file.string(), {{std::move(message), std::move(remedy)}});
}

std::string read_all(int fd, std::size_t expected) {
  std::string bytes;
  bytes.resize(expected + 1);  // one more, to see that it ends there
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::read(fd, bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw std::system_error(errno, std::generic_category());
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

void write_all(int fd, const std::string& bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t put = ::write(fd, bytes.data() + written, bytes.size() - written);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw std::system_error(errno, std::generic_category());
    written += static_cast<std::size_t>(put);
  }
}

bool holds(const std::filesystem::path& file, const std::string& bytes) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat facts {};
  if (in.get() < 0 || ::fstat(in.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return false;
  if (static_cast<std::size_t>(facts.st_size) != bytes.size()) return false;
  return read_all(in.get(), bytes.size()) == bytes;
}

void write_new(const std::filesystem::path& to, const std::string& bytes) {
  std::string temporary = to.string() + ".XXXXXX";
  Descriptor out(::mkostemp(temporary.data(), O_CLOEXEC));
  if (out.get() < 0) throw std::system_error(errno, std::generic_category());
  try {
    write_all(out.get(), bytes);
    if (::fchmod(out.get(), 0500) != 0 || ::fsync(out.get()) != 0 || ::close(out.release()) != 0 ||
        ::rename(temporary.c_str(), to.c_str()) != 0) {
      throw std::system_error(errno, std::generic_category());
    }
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

// What is mapped comes from there, so nobody else may put anything there either.
void check_folder(const std::filesystem::path& folder, const std::filesystem::path& original) {
  for (Fault& fault : find_foreign_hands(folder)) {
    refuse(original, "can't be copied to " + folder.string() + ": " + fault.message,
           "state_dir is only for the user who runs this: give it to them, and let nobody else "
           "write there or in the folders above it");
  }
}

}  // namespace

std::string read_library(const Descriptor& in, const std::filesystem::path& file) {
  struct stat before {};
  if (::fstat(in.get(), &before) != 0 || !S_ISREG(before.st_mode)) {
    refuse(file, "is not a regular file", "name the built lib….so in `library`");
  }
  if (before.st_size > kLargest) {
    refuse(file, "is larger than 1 GiB", "strip it of debugging symbols");
  }
  try {
    std::string bytes = read_all(in.get(), static_cast<std::size_t>(before.st_size));
    if (bytes.size() == static_cast<std::size_t>(before.st_size)) return bytes;
  } catch (const std::system_error& error) {
    refuse(file, std::string("can't be read: ") + error.what(), "check the disk it is on");
  }
  refuse(file, "changed while it was read",
         "install libraries by renaming a complete copy, then load again");
}

std::filesystem::path store_copy(const std::string& bytes, const std::string& sha256,
                                 const std::filesystem::path& state_dir,
                                 const std::filesystem::path& original, bool trusted_folder) {
  namespace fs = std::filesystem;
  fs::path folder = state_dir / "loaded";
  try {
    fs::create_directories(state_dir);
    if (trusted_folder) check_folder(state_dir, original);
    fs::create_directory(folder);
    folder = fs::canonical(folder);
    fs::permissions(folder, fs::perms::owner_all);
    if (trusted_folder) check_folder(folder, original);
    fs::path to = folder / (sha256 + ".so");
    if (!holds(to, bytes)) write_new(to, bytes);
    return to;
  } catch (const std::system_error& error) {
    refuse(original, "can't be copied to " + folder.string() + ": " + error.code().message(),
           "let this user write to state_dir, and see that its disk has room");
  }
}

}  // namespace gantry::plugin
