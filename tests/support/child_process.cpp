#include "support/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "support/temp_folder.hpp"
#include "support/wait.hpp"

namespace gantry::test {
namespace {

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!changes.contains(text.substr(0, text.find('=')))) result.push_back(text);
  }
  for (const auto& [name, value] : changes) result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments,
                           const std::filesystem::path& output,
                           const std::map<std::string, std::string>& environment) {
  // All memory is taken before fork(): the child of a process with threads may only call
  // signal-safe functions.
  std::vector<std::string> words = arguments;
  std::vector<std::string> settings = merged_environment(environment);
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> envp = pointers(settings);
  const std::string file = output.string();
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0)
    throw std::system_error(errno, std::generic_category(), "fork for " + arguments.at(0));
  if (pid_ > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // the parent died before the line above
  const int in = open("/dev/null", O_RDONLY);
  const int out = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0) _exit(127);
  close_range(3, ~0U, 0);  // or a server that the test stops would go on listening in here
  execvpe(argv[0], argv.data(), envp.data());
  constexpr char failed[] = "cannot be executed\n";
  [[maybe_unused]] const ssize_t written = write(2, failed, sizeof failed - 1);
  _exit(127);
}

ChildProcess::~ChildProcess() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool ChildProcess::reap() {
  int status = 0;
  if (!exit_code_ && waitpid(pid_, &status, WNOHANG) == pid_) {
    exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  return exit_code_.has_value();
}

bool ChildProcess::running() { return pid_ > 0 && !reap(); }

void ChildProcess::signal(int number) {
  if (running()) ::kill(pid_, number);
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds timeout) {
  try {
    eventually([this] { return reap(); }, timeout, "the end of a process");
  } catch (const TimedOut&) {
    return std::nullopt;
  }
  return exit_code_;
}

Finished run_program(const std::vector<std::string>& arguments, std::chrono::milliseconds timeout,
                     const std::map<std::string, std::string>& environment) {
  const TempFolder folder;
  ChildProcess child(arguments, folder / "output", environment);
  const std::optional<int> code = child.wait(timeout);
  const std::string output = read_file(folder / "output");
  if (!code) {
    throw TimedOut(arguments.at(0) + " did not end within " + std::to_string(timeout.count()) +
                   " ms and said: " + output);
  }
  return {*code, output};
}

}  // namespace gantry::test
