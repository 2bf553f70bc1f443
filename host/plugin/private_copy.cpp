#include "plugin/private_copy.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "plugin/load_error.hpp"

namespace gantry::plugin {
namespace {

constexpr off_t kLargest = off_t{1} << 30;  // a mistake, not a plugin

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

std::string reason(int error) { return std::generic_category().message(error); }

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

}  // namespace

std::string read_library(const std::filesystem::path& file) {
  // Non-blocking, or a named pipe in the place of a library would hang the start; regular files
  // ignore it.
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (in.get() < 0) {
    refuse(file, "can't be opened: " + reason(errno),
           "check `library` and that this user may read the file and its folders");
  }
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
                                 const std::filesystem::path& folder,
                                 const std::filesystem::path& original) {
  std::filesystem::path to = std::filesystem::absolute(folder) / (sha256 + ".so");
  try {
    std::filesystem::create_directories(to.parent_path());
    std::filesystem::permissions(to.parent_path(), std::filesystem::perms::owner_all);
    if (!holds(to, bytes)) write_new(to, bytes);
    return to;
  } catch (const std::system_error& error) {
    refuse(original, "can't be copied to " + to.string() + ": " + error.code().message(),
           "let this user write to state_dir, and see that its disk has room");
  }
}

}  // namespace gantry::plugin
