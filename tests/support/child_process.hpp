// One child process: its output goes to a file, it is killed in the destructor, and by the kernel
// when the thread that started it ends (parent death signal), so start it on the test's own thread.
// Not for several threads at once.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gantry::test {

class ChildProcess {
 public:
  // output: appended to; both standard output and standard error. environment: on top of this
  // process's own.
  ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& output,
               const std::map<std::string, std::string>& environment = {});
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number);
  // The exit code, 128 + signal when a signal ended it; nullopt when it still runs after the time.
  std::optional<int> wait(std::chrono::milliseconds timeout);

 private:
  bool reap();

  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

struct Finished {
  int exit_code;
  std::string output;
};

// Runs it to its end. Throws when it takes longer.
Finished run_program(const std::vector<std::string>& arguments, std::chrono::milliseconds timeout,
                     const std::map<std::string, std::string>& environment = {});

}  // namespace gantry::test
