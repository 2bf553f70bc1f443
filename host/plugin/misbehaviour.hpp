// What a plugin did against the contract, counted by kind, for metrics and for people. One for each
// route; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace gantry::plugin {

class Misbehaviour {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds log_interval{
      60};  // of one kind: the first at once, then so often

  Misbehaviour(std::string route, std::string handler);

  // kind: one of a few constants ("settle_refused"); detail: what happened this time.
  void count(std::string_view kind, std::string_view detail) noexcept;

  std::map<std::string, std::uint64_t> counts() const;
  std::uint64_t count_of(std::string_view kind) const;

 private:
  struct Kind {
    std::uint64_t count = 0;
    Clock::time_point logged;
  };
  const std::string route_;
  const std::string handler_;
  mutable std::mutex mutex_;
  std::map<std::string, Kind, std::less<>> kinds_;
};

}  // namespace gantry::plugin
