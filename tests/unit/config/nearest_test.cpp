#include "config/nearest.hpp"

#include <gtest/gtest.h>

namespace gantry::config {
namespace {

const std::vector<std::string> kKeys{"concurrency", "consumer", "group", "retry"};

TEST(Nearest, finds_a_name_with_a_letter_missing) {
  EXPECT_EQ(nearest("concurency", kKeys), "concurrency");
}

TEST(Nearest, counts_two_swapped_letters_as_one_edit) {
  EXPECT_EQ(nearest("rerty", {"retry"}, 1), "retry");
}

TEST(Nearest, keeps_to_the_most_edits_that_are_allowed) {
  EXPECT_EQ(nearest("concurnc", kKeys, 2), std::nullopt);
  EXPECT_EQ(nearest("concurnc", kKeys), "concurrency");
}

TEST(Nearest, ignores_case) { EXPECT_EQ(nearest("GROUP", kKeys), "group"); }

TEST(Nearest, gives_nothing_when_nothing_is_near) {
  EXPECT_EQ(nearest("partitions", kKeys), std::nullopt);
}

TEST(Nearest, lists_what_is_known_when_nothing_is_near) {
  EXPECT_EQ(suggestion("partitions", kKeys), "known are: concurrency, consumer, group, retry");
}

}  // namespace
}  // namespace gantry::config
