// The built program `gantry run` as a child process. Its log goes to a file, whose end is printed
// when the test fails. Killed in the destructor. Used on the test's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/config_files.hpp"
#include "support/wait.hpp"

namespace gantry::test {

struct HttpAnswer {
  int status = 0;  // 0: nobody answered
  std::string body;
};

class HostProcess {
 public:
  // Returns at once; wait_until_ready() or wait_for_log() tell when it is where the test wants it.
  // program: another than `gantry`, with its command line.
  explicit HostProcess(const ConfigFiles& files,
                       const std::map<std::string, std::string>& environment = {},
                       const std::string& program = {});
  ~HostProcess();

  void wait_until_ready(std::chrono::milliseconds timeout = 60s);  // /readyz says 200
  void wait_for_log(const std::string& text, std::chrono::milliseconds timeout = 60s);
  std::string log() const;                        // since it was started
  HttpAnswer get(const std::string& path) const;  // of the admin endpoint

  bool running() { return process_->running(); }
  void kill9();
  // SIGTERM; its exit code, nullopt when it still runs after the time.
  std::optional<int> terminate(std::chrono::milliseconds timeout = 60s);
  std::optional<int> wait_for_end(std::chrono::milliseconds timeout = 60s) {
    return process_->wait(timeout);
  }
  void signal(int number) { process_->signal(number); }
  void pause();   // SIGSTOP
  void resume();  // SIGCONT

  std::int64_t rss_kb() const;
  double cpu_seconds() const;
  pid_t pid() const { return process_->pid(); }

 private:
  std::string log_tail() const;

  TempFolder folder_;
  std::filesystem::path log_file_;
  std::uint16_t admin_port_;
  std::unique_ptr<ChildProcess> process_;
};

// The built program; $GANTRY_TEST_BINARY where that is set.
std::string gantry_program();

// `gantry COMMAND…`, run to its end: check, plugins, db.
Finished run_gantry(const std::vector<std::string>& arguments,
                    const std::map<std::string, std::string>& environment = {});

}  // namespace gantry::test
