#include "route/dispatch/frontier.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>
#include <set>
#include <vector>

namespace gantry::route {
namespace {

using Offsets = std::vector<std::int64_t>;

TEST(Frontier, names_no_offset_before_anything_is_settled) {
  Frontier frontier;
  frontier.deliver(100);
  EXPECT_EQ(frontier.committable(), std::nullopt);
}

TEST(Frontier, commits_one_past_the_last_of_the_settled_run) {
  Frontier frontier;
  frontier.settle(frontier.deliver(100));
  frontier.settle(frontier.deliver(101));
  frontier.deliver(102);
  EXPECT_EQ(frontier.committable(), 102);
}

TEST(Frontier, stands_still_below_an_unsettled_record) {
  Frontier frontier;
  const auto first = frontier.deliver(5);
  frontier.settle(frontier.deliver(6));
  frontier.settle(frontier.deliver(7));
  EXPECT_EQ(frontier.committable(), 5);
  frontier.settle(first);
  EXPECT_EQ(frontier.committable(), 8);
}

TEST(Frontier, commits_true_offsets_across_gaps_of_compaction) {
  Frontier frontier;
  std::vector<Frontier::Sequence> sequences;
  for (const std::int64_t offset : Offsets{3, 4, 10, 11, 50, 9'000'000'000})
    sequences.push_back(frontier.deliver(offset));
  const std::vector<std::int64_t> expected{4, 5, 11, 12, 51, 9'000'000'001};
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    frontier.settle(sequences[i]);
    EXPECT_EQ(frontier.committable(), expected[i]);
  }
}

TEST(Frontier, does_not_commit_past_a_gap_whose_next_record_is_unsettled) {
  Frontier frontier;
  frontier.settle(frontier.deliver(1));
  frontier.deliver(1000);
  EXPECT_EQ(frontier.committable(), 2);
}

TEST(Frontier, measures_the_window_from_the_oldest_unsettled_to_the_newest) {
  Frontier frontier;
  const auto oldest = frontier.deliver(0);
  for (int i = 1; i < 10; ++i) frontier.settle(frontier.deliver(i));
  EXPECT_EQ(frontier.window(), 10u);
  EXPECT_EQ(frontier.unsettled(), 1u);
  frontier.settle(oldest);
  EXPECT_EQ(frontier.window(), 0u);
}

TEST(Frontier, starts_anew_with_an_assignment) {
  Frontier frontier;
  frontier.settle(frontier.deliver(700));
  frontier.reset();
  EXPECT_EQ(frontier.committable(), std::nullopt);
  frontier.settle(frontier.deliver(20));
  EXPECT_EQ(frontier.committable(), 21);
}

TEST(Frontier, settles_a_million_records_from_the_end_to_the_beginning) {
  Frontier frontier;
  constexpr std::int64_t kCount = 1'000'000;
  std::vector<Frontier::Sequence> sequences;
  for (std::int64_t i = 0; i < kCount; ++i) sequences.push_back(frontier.deliver(2 * i));
  for (std::int64_t i = kCount - 1; i > 0; --i)
    frontier.settle(sequences[static_cast<std::size_t>(i)]);
  EXPECT_EQ(frontier.committable(), 0);
  frontier.settle(sequences[0]);
  EXPECT_EQ(frontier.committable(), 2 * (kCount - 1) + 1);
  EXPECT_EQ(frontier.window(), 0u);
}

TEST(Frontier, names_what_is_settled_above_with_the_gaps_inside_of_it) {
  Frontier frontier;
  frontier.settle(frontier.deliver(10));
  frontier.deliver(11);
  for (const std::int64_t offset : Offsets{12, 13, 20, 21})
    frontier.settle(frontier.deliver(offset));
  frontier.deliver(30);
  frontier.settle(frontier.deliver(31));
  EXPECT_EQ(frontier.committable(), 11);
  EXPECT_EQ(frontier.settled_above(9), (OffsetRanges{{12, 22}, {31, 32}}));
  EXPECT_EQ(frontier.settled_above(1), (OffsetRanges{{12, 22}}));
}

TEST(Frontier, names_nothing_above_when_all_is_settled) {
  Frontier frontier;
  for (int i = 0; i < 200; ++i) frontier.settle(frontier.deliver(i));
  EXPECT_EQ(frontier.settled_above(9), OffsetRanges{});
}

TEST(Frontier, knows_what_an_earlier_assignment_settled) {
  Frontier frontier;
  frontier.reset(100, {{101, 103}, {110, 120}});
  std::vector<std::int64_t> known;
  for (const std::int64_t offset : Offsets{100, 101, 102, 103, 109, 110, 119, 120, 121})
    if (frontier.known(offset)) known.push_back(offset);
  EXPECT_EQ(known, (Offsets{101, 102, 110, 119}));
}

TEST(Frontier, goes_on_naming_what_is_known_and_has_not_come_yet) {
  Frontier frontier;
  frontier.reset(100, {{101, 105}, {110, 120}});
  EXPECT_FALSE(frontier.known(100));
  frontier.deliver(100);
  EXPECT_TRUE(frontier.known(101));
  frontier.settle(frontier.deliver(101));
  EXPECT_EQ(frontier.settled_above(9), (OffsetRanges{{101, 105}, {110, 120}}));
  EXPECT_TRUE(frontier.known(112)) << "110 and 111 are gone";
  frontier.settle(frontier.deliver(112));
  EXPECT_EQ(frontier.settled_above(9), (OffsetRanges{{101, 120}}));
}

TEST(Frontier, names_what_is_known_behind_a_known_range_that_has_come) {
  Frontier frontier;
  frontier.reset(100, {{100, 102}, {110, 120}});
  for (const std::int64_t offset : Offsets{100, 101}) {
    EXPECT_TRUE(frontier.known(offset));
    frontier.settle(frontier.deliver(offset));
  }
  EXPECT_EQ(frontier.committable(), 102);
  EXPECT_EQ(frontier.settled_above(9), (OffsetRanges{{110, 120}}));
}

TEST(Frontier, knows_nothing_of_a_log_whose_offsets_go_back) {
  Frontier below;
  below.reset(100, {{101, 1000}});
  EXPECT_FALSE(below.known(90)) << "below what was committed: the log was truncated";
  EXPECT_FALSE(below.known(101));
  EXPECT_EQ(below.settled_above(9), OffsetRanges{});

  Frontier later;
  later.reset(100, {{101, 1000}});
  EXPECT_TRUE(later.known(500));
  EXPECT_FALSE(later.known(400));
  EXPECT_FALSE(later.known(501));
}

// The same, written so that it is plainly right.
class NaiveFrontier {
 public:
  void deliver(std::int64_t offset) {
    delivered_.push_back(offset);
    open_.insert(offset);
  }
  void settle(std::int64_t offset) { open_.erase(offset); }
  std::optional<std::int64_t> committable() const {
    if (open_.size() == delivered_.size()) return std::nullopt;
    std::int64_t last = delivered_.front();
    for (const std::int64_t offset : delivered_) {
      if (open_.contains(offset)) break;
      last = offset + 1;
    }
    return last;
  }
  // Each settled record above that by itself.
  std::set<std::int64_t> settled_above() const {
    std::set<std::int64_t> above;
    for (const std::int64_t offset : delivered_)
      if (offset >= committable() && !open_.contains(offset)) above.insert(offset);
    return above;
  }
  bool delivered(std::int64_t offset) const {
    return std::ranges::find(delivered_, offset) != delivered_.end();
  }

 private:
  std::vector<std::int64_t> delivered_;
  std::set<std::int64_t> open_;
};

TEST(Frontier, agrees_with_a_naive_model_in_any_order_of_settlements) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    std::mt19937 random{seed};
    Frontier frontier;
    NaiveFrontier model;
    struct Open {
      Frontier::Sequence sequence;
      std::int64_t offset;
    };
    std::vector<Open> open;
    std::int64_t offset = 0;
    for (int step = 0; step < 500; ++step) {
      if (open.empty() || (random() % 100 < 52 && step < 400)) {
        offset += random() % 5 == 0 ? 1 + random() % 300 : 1;
        open.push_back({frontier.deliver(offset), offset});
        model.deliver(offset);
      } else {
        // Mostly old ones, as in real life, so that the run moves on often.
        const std::size_t at = random() % 3 == 0 ? random() % open.size() : 0;
        frontier.settle(open[at].sequence);
        model.settle(open[at].offset);
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(at));
      }
      ASSERT_EQ(frontier.committable(), model.committable()) << "seed " << seed << " step " << step;
      ASSERT_EQ(frontier.unsettled(), open.size()) << "seed " << seed << " step " << step;
      if (step % 10 != 0) continue;
      std::set<std::int64_t> above;
      for (const OffsetRange& range : frontier.settled_above(kMostRanges))
        for (std::int64_t at = range.begin; at < range.end; ++at)
          if (model.delivered(at)) above.insert(at);
      ASSERT_EQ(above, model.settled_above()) << "seed " << seed << " step " << step;
    }
  }
}

}  // namespace
}  // namespace gantry::route
