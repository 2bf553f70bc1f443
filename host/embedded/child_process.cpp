#include "embedded/child_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace gantry::embedded {
namespace {

// Only what is safe between fork() and exec() in a process with threads: everything is prepared.
struct Prepared {
  std::vector<char*> argv;
  const char* folder;
  const char* output;
  const User* user;
  int end_signal;
  pid_t parent;
};

bool become(const User& user) {
  return setgroups(user.groups.size(), user.groups.data()) == 0 && setgid(user.gid) == 0 &&
         setuid(user.uid) == 0;
}

bool connect_streams(const char* output) {
  const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int out = open(output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  return in >= 0 && out >= 0 && dup2(in, 0) >= 0 && dup2(out, 1) >= 0 && dup2(out, 2) >= 0;
}

[[noreturn]] void run(const Prepared& prepared) {
  setsid();
  sigset_t none;
  sigemptyset(&none);
  for (const int number : {SIGPIPE, SIGHUP, SIGINT, SIGTERM}) signal(number, SIG_DFL);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (connect_streams(prepared.output) && (prepared.user == nullptr || become(*prepared.user)) &&
      chdir(prepared.folder) == 0) {
    prctl(PR_SET_PDEATHSIG, prepared.end_signal);  // last: a change of user clears it
    if (getppid() == prepared.parent) execv(prepared.argv[0], prepared.argv.data());
  }
  constexpr char failed[] = "the program could not be started as its user in its folder\n";
  [[maybe_unused]] const ssize_t written = write(2, failed, sizeof failed - 1);
  _exit(127);
}

}  // namespace

ChildProcess::ChildProcess(const Command& command) : end_signal_(command.end_signal) {
  std::vector<std::string> words = command.words;
  Prepared prepared{{},
                    command.folder.c_str(),
                    command.output.c_str(),
                    command.user ? &*command.user : nullptr,
                    command.end_signal,
                    getpid()};
  for (std::string& word : words) prepared.argv.push_back(word.data());
  prepared.argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) run(prepared);
}

ChildProcess::~ChildProcess() { stop(); }

std::optional<int> ChildProcess::ended() {
  int status = 0;
  if (!exit_code_ && waitpid(pid_, &status, WNOHANG) == pid_) {
    exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  return exit_code_;
}

void ChildProcess::stop() {
  if (ended()) return;
  kill(pid_, end_signal_);
  for (int attempt = 0; attempt < 1000; ++attempt) {
    if (ended()) return;
    usleep(10'000);
  }
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  exit_code_ = 128 + SIGKILL;
}

}  // namespace gantry::embedded
