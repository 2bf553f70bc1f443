// Handlers that do nothing but what a benchmark is about, and count what they have handled where
// the driver sees it while they run: in a file that both map, a cache line a lane.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <gantry/plugin.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace {

constexpr std::size_t kLanes = 1024;

struct alignas(64) Count {
  std::atomic<std::uint64_t> handled;

  // Its lane alone writes it.
  void add() {
    handled.store(handled.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
};

constexpr auto meter = gantry::text("meter", "file of the lanes' counts");

// What all lanes of a route share: the file.
class Meter {
 public:
  explicit Meter(const gantry::Context& context) {
    constexpr std::size_t size = kLanes * sizeof(Count);
    const int file = open(context.text("meter").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, size) != 0) throw std::runtime_error("meter: can't be opened");
    void* mapped = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapped == MAP_FAILED) throw std::runtime_error("meter: can't be mapped");
    counts_ = static_cast<Count*>(mapped);
  }
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  ~Meter() { munmap(counts_, kLanes * sizeof(Count)); }

  Count& next_lane() { return counts_[lanes_++ % kLanes]; }

 private:
  Count* counts_ = nullptr;
  std::atomic<std::size_t> lanes_{0};
};

class Noop {
 public:
  using Shared = Meter;
  static constexpr auto options = gantry::options(meter);
  static constexpr bool reads_headers = false;
  Noop(const gantry::Context&, Meter& shared) : count_(shared.next_lane()) {}

  gantry::Verdict handle(const gantry::Message&) {
    count_.add();
    return gantry::ok();
  }

 private:
  Count& count_;
};

// Takes its time, and fails on values that begin with "poison".
class Work {
 public:
  using Shared = Meter;
  static constexpr bool reads_headers = false;
  static constexpr auto options = gantry::options(
      meter, gantry::integer("sleep_us", "for each message").between(0, 1'000'000).fallback(0));
  Work(const gantry::Context& context, Meter& shared)
      : count_(shared.next_lane()), sleep_(context.integer("sleep_us")) {}

  gantry::Verdict handle(const gantry::Message& message) {
    if (message.value().starts_with("poison")) return gantry::retry("poison");
    if (sleep_.count() != 0) sleep();
    count_.add();
    return gantry::ok();
  }

 private:
  void sleep() {
    // Else each sleep of an ordinary thread is 50 us longer than it is said to be.
    if (!std::exchange(exact_, true)) prctl(PR_SET_TIMERSLACK, 1);
    std::this_thread::sleep_for(sleep_);
  }

  Count& count_;
  const std::chrono::microseconds sleep_;
  bool exact_ = false;
};

}  // namespace

GANTRY_PLUGIN("bench", "1.0.0", gantry::handler<Noop>("noop", "counts"),
              gantry::handler<Work>("work", "sleeps, fails on poison, counts"));
