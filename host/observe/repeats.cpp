#include "observe/repeats.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace gantry::observe {

std::size_t Repeats::Hash::operator()(const LineKind& kind) const {
  const std::hash<std::string> hash;
  return (hash(kind.component) * 31 + hash(kind.message)) * 31 + hash(kind.route);
}

bool Repeats::admit(LineKind kind, log::Level level, Clock::time_point now) {
  if (counts_.size() >= kinds_at_most && !counts_.contains(kind)) kind.message = "(various)";
  Count& count = counts_[std::move(kind)];
  if (count.lines == 0) count.start = now;
  if (++count.lines <= lines_a_window) return true;
  ++count.left_out;
  count.level = std::max(count.level, level);
  return false;
}

std::vector<LeftOut> Repeats::collect(Clock::time_point now, bool all) {
  std::vector<LeftOut> result;
  // Each line comes by here: look through the kinds only now and then.
  if (!all && now - swept_ < window / 10) return result;
  swept_ = now;
  for (auto entry = counts_.begin(); entry != counts_.end();) {
    Count& count = entry->second;
    const bool over = now - count.start >= window;
    if ((over || all) && count.left_out > 0) {
      result.push_back({entry->first, count.level, count.left_out});
      count.left_out = 0;
      count.level = log::Level::debug;
    }
    entry = over ? counts_.erase(entry) : std::next(entry);
  }
  return result;
}

}  // namespace gantry::observe
