// A folder under ${TMPDIR:-/tmp} for all that a development environment writes, which is gone
// afterwards whatever happens: a child process, the keeper, waits for the end of this process and
// removes it then, also after a crash or kill -9. Owned by the environment, on the main thread.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace gantry::embedded {

class PrivateFolder {
 public:
  // Before any thread is made: it forks. std::system_error when there can be no folder. `log_name`:
  // the file in it whose last lines the keeper shows on standard error after an unclean end.
  PrivateFolder(const std::string& stem, const std::string& log_name);
  ~PrivateFolder();  // removes it
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
  int keeper_pipe_ = -1;  // its end tells the keeper that this process has ended
  pid_t keeper_ = -1;
};

}  // namespace gantry::embedded
