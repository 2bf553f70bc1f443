// How memory_mb is shared out over partitions.
#include <gtest/gtest.h>

#include "kafka/consumer.hpp"

namespace gantry::kafka {
namespace {

TEST(Memory, is_shared_out_over_all_partitions_within_the_budget) {
  for (const std::int64_t memory_mb : {32, 256, 1024})
    for (const std::size_t partitions : {1, 3, 10, 18}) {
      const Prefetch share = share_memory(memory_mb, partitions);
      EXPECT_LE(memory_for(share.queue_kbytes * static_cast<std::int64_t>(partitions)), memory_mb)
          << memory_mb << " MB, " << partitions << " partitions";
      EXPECT_GE(share.queue_kbytes * 1024, share.fetch_bytes * 4);
    }
}

TEST(Memory, of_few_partitions_is_not_used_up) {
  EXPECT_EQ(share_memory(256, 1).queue_kbytes, share_memory(1024, 1).queue_kbytes);
}

TEST(Memory, of_too_many_partitions_is_told) {
  const Prefetch share = share_memory(256, 600);
  EXPECT_EQ(share.queue_kbytes, share_memory(256, 6000).queue_kbytes);  // the least that works
  const std::int64_t needed = memory_for(share.queue_kbytes * 600);
  EXPECT_GT(needed, 256);
  EXPECT_LE(memory_for(share_memory(needed, 600).queue_kbytes * 600), needed);
}

TEST(Memory, for_a_route_that_is_added_later_is_what_the_others_have_left) {
  const std::int64_t all = 256 * 1024 * 2 / 7;
  const std::int64_t held = all - 4 * 1024;
  const Prefetch share = share_memory(256, 30, held, 4);
  EXPECT_LE(held + share.queue_kbytes * 4, all);
  EXPECT_LT(share.queue_kbytes, share_memory(256, 30).queue_kbytes);
}

}  // namespace
}  // namespace gantry::kafka
