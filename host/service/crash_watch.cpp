#include "service/crash_watch.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>

namespace gantry::service {
namespace {

constexpr std::array<int, 5> kFatal{SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

std::atomic<route::CrashJournal*> watched{nullptr};
std::atomic<pid_t> owner{0};
std::array<struct sigaction, kFatal.size()> before;

// nullptr: nothing to mark, as in a child that has our memory but is not us.
route::CrashJournal* own_journal() noexcept {
  return owner.load() == getpid() ? watched.load() : nullptr;
}

// A fault, or abort() and raise(); not kill() by somebody else, as a watchdog's SIGABRT.
bool own_doing(const siginfo_t& info) noexcept {
  if (info.si_code > 0) return true;
  return (info.si_code == SI_TKILL || info.si_code == SI_USER) && info.si_pid == getpid();
}

void on_fatal_signal(int signal, siginfo_t* info, void*) {
  route::CrashJournal* journal = own_journal();
  if (journal != nullptr && own_doing(*info)) journal->mark(signal);
  for (std::size_t i = 0; i < kFatal.size(); ++i)
    if (kFatal[i] == signal) sigaction(signal, &before[i], nullptr);
  // A fault comes again when the instruction is tried again; anything else has to be sent again.
  if (info->si_code <= 0) raise(signal);
}

void on_exit() noexcept {
  route::CrashJournal* journal = own_journal();
  if (journal != nullptr && route::CrashJournal::in_lane()) journal->mark(route::journal::kExit);
}

}  // namespace

CrashWatch::CrashWatch(route::CrashJournal& journal) {
  static const bool registered = std::atexit(on_exit) == 0 && std::at_quick_exit(on_exit) == 0;
  static_cast<void>(registered);
  owner = getpid();
  watched = &journal;
  struct sigaction action {};
  action.sa_sigaction = on_fatal_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < kFatal.size(); ++i) sigaction(kFatal[i], &action, &before[i]);
}

CrashWatch::~CrashWatch() {
  for (std::size_t i = 0; i < kFatal.size(); ++i) sigaction(kFatal[i], &before[i], nullptr);
  watched = nullptr;
}

}  // namespace gantry::service

// In place of the C library's, for the plugins: no handler of exit() sees these. The program
// exports them (host/CMakeLists.txt), and a plugin's calls find the program's symbols first.
extern "C" {

[[noreturn, gnu::visibility("default")]] void _exit(int status) {
  gantry::service::on_exit();
  while (true) syscall(SYS_exit_group, status);
}

[[noreturn, gnu::visibility("default")]] void _Exit(int status) { _exit(status); }
}
