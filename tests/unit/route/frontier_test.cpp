#include "route/frontier.hpp"

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
  EXPECT_EQ(frontier.committable(), std::nullopt);
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
  EXPECT_EQ(frontier.committable(), std::nullopt);
  frontier.settle(sequences[0]);
  EXPECT_EQ(frontier.committable(), 2 * (kCount - 1) + 1);
  EXPECT_EQ(frontier.window(), 0u);
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
    std::optional<std::int64_t> last;
    for (const std::int64_t offset : delivered_) {
      if (open_.contains(offset)) break;
      last = offset + 1;
    }
    return last;
  }

 private:
  std::vector<std::int64_t> delivered_;
  std::set<std::int64_t> open_;
};

TEST(Frontier, agrees_with_a_naive_model_in_any_order_of_settlements) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
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
    }
  }
}

}  // namespace
}  // namespace gantry::route
