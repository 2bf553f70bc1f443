#include "control/socket_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace gantry::control {
namespace {

constexpr mode_t kMode = 0660;
constexpr int kBacklog = 16;

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& why,
                       const std::string& remedy) {
  throw std::runtime_error("the control socket " + path.string() + " ([admin] socket) " + why +
                           ". " + remedy);
}

std::string reason(int error) { return std::generic_category().message(error); }

// Keeps others from doing the same in this folder, so that nobody takes a socket for dead that is
// about to be listened on.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& socket)
      : fd_(::open(socket.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (fd_ < 0)
      fail(socket, "can't be made: its folder: " + reason(errno),
           "Make the folder, or name another one (RuntimeDirectory= in a systemd unit makes "
           "/run/NAME).");
    ::flock(fd_, LOCK_EX);
  }
  ~FolderLock() { ::close(fd_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_;
};

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

bool answers(const sockaddr_un& address) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return true;  // nothing is known, so nothing is removed
  const bool refused =
      ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno == ECONNREFUSED;
  ::close(fd);
  return !refused;
}

// What stands in the way is removed if it is a socket that nobody listens on.
void make_way(const std::filesystem::path& path, const sockaddr_un& address) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return;
  if (!S_ISSOCK(facts.st_mode))
    fail(path, "can't be made: there is a file that is no socket",
         "Remove the file, or name another path.");
  if (answers(address))
    fail(path, "is in use by another host", "End that one, or give each host a socket of its own.");
  ::unlink(path.c_str());
}

}  // namespace

SocketFile::SocketFile(std::filesystem::path path) : path_(std::move(path)) {
  const sockaddr_un address = address_of(path_);
  const FolderLock lock(path_);
  make_way(path_, address);
  fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  // The mode of the descriptor limits that of the file from its first moment on; umask may take
  // more away, and the second call gives it back.
  struct stat facts {};
  if (fd_ < 0 || ::fchmod(fd_, kMode) != 0 ||
      ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod(path_.c_str(), kMode) != 0 || ::listen(fd_, kBacklog) != 0 ||
      ::lstat(path_.c_str(), &facts) != 0) {
    const int error = errno;
    if (fd_ >= 0) ::close(fd_);
    fail(path_, "can't be made: " + reason(error),
         "Let this user write to the folder, or name another path.");
  }
  device_ = facts.st_dev;
  inode_ = facts.st_ino;
}

SocketFile::~SocketFile() {
  if (fd_ >= 0) ::close(fd_);
  struct stat facts {};
  if (::lstat(path_.c_str(), &facts) == 0 && facts.st_dev == device_ && facts.st_ino == inode_)
    ::unlink(path_.c_str());
}

int SocketFile::release() { return std::exchange(fd_, -1); }

}  // namespace gantry::control
