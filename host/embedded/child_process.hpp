// A program that runs for as long as its owner lives: in a session of its own (Ctrl-C does not
// reach it), as another user where that is wanted, and ended by the kernel when the thread that
// started it ends (parent death signal), so start it on the main thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gantry::embedded {

struct User {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
};

struct Command {
  std::vector<std::string> words;  // the first is the program's path
  std::filesystem::path folder;    // where it runs
  std::filesystem::path output;    // appended to: standard output and standard error
  std::optional<User> user;        // nullopt: who this process is
  int end_signal;                  // the polite end
};

class ChildProcess {
 public:
  explicit ChildProcess(const Command& command);  // std::system_error when it can't fork
  ~ChildProcess();                                // stop()
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  // Its exit code, 128 + signal where one ended it; nullopt while it runs. 127: it could not be
  // executed, its output says why.
  std::optional<int> ended();
  // Its end signal; SIGKILL when it has not ended after ten seconds.
  void stop();

 private:
  pid_t pid_ = -1;
  int end_signal_;
  std::optional<int> exit_code_;
};

}  // namespace gantry::embedded
