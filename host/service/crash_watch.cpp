#include "service/crash_watch.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>

namespace gantry::service {
namespace {

constexpr std::array<int, 8> kFatal{SIGSEGV, SIGABRT, SIGBUS, SIGFPE,
                                    SIGILL,  SIGTRAP, SIGSYS, SIGXFSZ};

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

struct sigaction& before_us(int signal) noexcept {
  return before[static_cast<std::size_t>(std::ranges::find(kFatal, signal) - kFatal.begin())];
}

bool call(const struct sigaction& handler, int signal, siginfo_t* info, void* context) {
  if ((handler.sa_flags & SA_SIGINFO) != 0) {
    handler.sa_sigaction(signal, info, context);
    return true;
  }
  if (handler.sa_handler == SIG_DFL || handler.sa_handler == SIG_IGN) return false;
  handler.sa_handler(signal);
  return true;
}

void on_fatal_signal(int signal, siginfo_t* info, void* context);

// A handler that knows no help puts the default action in our place and returns.
bool still_ours(int signal) {
  struct sigaction now {};
  sigaction(signal, nullptr, &now);
  return (now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == on_fatal_signal;
}

void on_fatal_signal(int signal, siginfo_t* info, void* context) {
  route::CrashJournal* journal = own_journal();
  if (!own_doing(*info)) journal = nullptr;
  if (journal != nullptr) journal->mark(signal);
  struct sigaction& other = before_us(signal);
  if (call(other, signal, info, context)) {
    if (journal != nullptr && still_ours(signal)) journal->unmark();
    return;
  }
  sigaction(signal, &other, nullptr);
  // A fault comes again when the instruction is tried again; anything else has to be sent again.
  if (info->si_code <= 0 || signal == SIGXFSZ || signal == SIGSYS || signal == SIGTRAP)
    raise(signal);
}

// On a thread of a route whose messages have offsets.
bool in_plugin() noexcept {
  const std::uint32_t owner = route::thread_owner();
  return owner != route::owner::kUnknown && owner != route::owner::kUnjournaled;
}

void on_exit() noexcept {
  route::CrashJournal* journal = own_journal();
  if (journal != nullptr && in_plugin()) journal->mark(route::journal::kExit);
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
  for (std::size_t i = 0; i < kFatal.size(); ++i) {
    sigaction(kFatal[i], &action, &before[i]);
    const bool ignored = (before[i].sa_flags & SA_SIGINFO) == 0 && before[i].sa_handler == SIG_IGN;
    if (ignored) sigaction(kFatal[i], &before[i], nullptr);  // nobody dies of it
  }
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
