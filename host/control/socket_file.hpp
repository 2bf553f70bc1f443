// The file of a listening Unix socket: made where there is none or a dead one, removed at its end.
// Owned by the server; the thread that makes it.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace gantry::control {

class SocketFile {
 public:
  // Listens there, mode 0660. Throws std::runtime_error with what, where and remedy: somebody
  // listens there already, or it can't be made.
  explicit SocketFile(std::filesystem::path path);
  ~SocketFile();  // the file, if it is still this one; the descriptor is whose who released it
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;

  int release();  // the descriptor, to be closed by the caller
  const std::filesystem::path& path() const { return path_; }

 private:
  const std::filesystem::path path_;
  int fd_ = -1;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace gantry::control
