#include "config/nearest.hpp"

#include <algorithm>
#include <cctype>

namespace gantry::config {
namespace {

// Damerau-Levenshtein, optimal string alignment; case counts as no difference.
std::size_t edits(std::string_view a, std::string_view b) {
  const auto same = [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  };
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view written,
                                   const std::vector<std::string>& candidates, std::size_t most) {
  const std::string* best = nullptr;
  std::size_t fewest = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t count = edits(written, candidate);
    const std::size_t allowed = std::max<std::size_t>(1, candidate.size() / 3);
    if (count <= std::min(allowed, most) && (best == nullptr || count < fewest)) {
      best = &candidate;
      fewest = count;
    }
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

std::string suggestion(std::string_view written, const std::vector<std::string>& candidates) {
  if (const auto near = nearest(written, candidates)) return "did you mean \"" + *near + "\"?";
  if (candidates.empty()) return "there are none to choose from";
  std::string text = "known are: ";
  for (std::size_t i = 0; i < candidates.size(); ++i) text += (i ? ", " : "") + candidates[i];
  return text;
}

}  // namespace gantry::config
