// A handler for tests that ends the process: in batches, as each message's value says, after the
// messages before it were looked at.
//   crash | abort | trap | exit | _exit | overflow
//               ends it that way: a fault, abort(), SIGTRAP, exit(3), _exit(3), or a stack that
//               runs out
//   thread      a fault on a thread that the handler makes and waits for
//   recover     a fault that the plugin mends, as the runtime of a language would
//   sleep:MS    takes so long
// Anything else is ok. What was handled is appended to a file, a batch at a time, in the lines that
// the probe writes at its end.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <gantry/plugin.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace {

int* volatile nowhere = nullptr;

// Memory that may be written to once it was faulted upon: what runtimes do to know when.
class Guarded {
 public:
  Guarded() {
    page_ = mmap(nullptr, kSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct sigaction action {};
    action.sa_sigaction = [](int signal, siginfo_t* info, void*) {
      if (info->si_addr == page_)
        mprotect(page_, kSize, PROT_READ | PROT_WRITE);
      else
        sigaction(signal, &before_, nullptr);
    };
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSEGV, &action, &before_);
  }
  static void fault() {
    mprotect(page_, kSize, PROT_NONE);
    *static_cast<volatile int*>(page_) = 1;
  }

 private:
  static constexpr std::size_t kSize = 4096;
  inline static void* page_ = nullptr;
  inline static struct sigaction before_ {};
};
const Guarded guarded;  // when the library is loaded

int run_out_of_stack(int depth) {
  volatile char room[4096];
  room[0] = static_cast<char>(depth);
  return run_out_of_stack(depth + 1) + room[0];
}

class Crasher {
 public:
  static constexpr int max_batch = 1000;
  static constexpr auto options =
      gantry::options(gantry::text("file", "what was handled is appended to it"));

  explicit Crasher(const gantry::Context& context)
      : file_(open(context.text("file").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (file_ < 0) throw std::runtime_error("file: cannot be opened");
  }
  Crasher(const Crasher&) = delete;
  Crasher& operator=(const Crasher&) = delete;
  ~Crasher() { close(file_); }

  gantry::Verdict handle_batch(gantry::Batch& batch) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    std::ostringstream lines;
    for (const gantry::Message message : batch) {
      act(message.value());
      lines << "end " << message.topic() << ' ' << message.partition() << ' ' << message.offset()
            << ' ' << message.key() << ' ' << message.attempt() << ' '
            << std::chrono::duration_cast<std::chrono::milliseconds>(now).count() << '\n';
    }
    const std::string text = lines.str();
    if (write(file_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
      return gantry::unavailable("the file can't be written");
    return gantry::ok();
  }

 private:
  static void act(std::string_view value) {
    if (value == "crash") *nowhere = 1;
    if (value == "thread") std::thread([] { *nowhere = 1; }).join();
    if (value == "recover") Guarded::fault();
    if (value == "abort") std::abort();
    if (value == "trap") raise(SIGTRAP);
    if (value == "exit") std::exit(3);
    if (value == "_exit") _exit(3);
    if (value == "overflow") run_out_of_stack(0);
    if (value.starts_with("sleep:"))
      std::this_thread::sleep_for(
          std::chrono::milliseconds{std::stoi(std::string(value.substr(6)))});
  }

  int file_;
};

}  // namespace

GANTRY_PLUGIN("crasher", "1.0.0",
              gantry::handler<Crasher>("crasher", "ends the process when a message says so"));
