// Keeps a line that repeats itself from filling the log: so many of a kind in a window of time,
// then none, and their number once the window is over. Not thread safe: log.cpp guards it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "observe/log.hpp"

namespace gantry::observe {

// What makes two lines of a kind. Fields other than the route do not count: they are what varies.
struct LineKind {
  std::string component;
  std::string message;
  std::string route;
  bool operator==(const LineKind&) const = default;
};

struct LeftOut {
  LineKind kind;
  log::Level level;  // the highest of those left out
  std::uint64_t lines;
};

class Repeats {
 public:
  using Clock = std::chrono::steady_clock;
  // Enough for a burst of assignments on a wide topic, little enough for a loop that fails.
  static constexpr std::uint64_t lines_a_window = 100;
  static constexpr std::chrono::seconds window{10};
  // Messages should be constants; where a plugin varies them, kinds beyond these share one per
  // component and route.
  static constexpr std::size_t kinds_at_most = 1000;

  bool admit(LineKind kind, log::Level level, Clock::time_point now);
  // What was left out in windows that are over; with `all`, also in those still open.
  std::vector<LeftOut> collect(Clock::time_point now, bool all);

 private:
  struct Hash {
    std::size_t operator()(const LineKind& kind) const;
  };
  struct Count {
    Clock::time_point start;
    std::uint64_t lines = 0;
    std::uint64_t left_out = 0;
    log::Level level = log::Level::debug;
  };
  std::unordered_map<LineKind, Count, Hash> counts_;
  Clock::time_point swept_{};
};

}  // namespace gantry::observe
