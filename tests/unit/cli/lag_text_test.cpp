// How far behind a group is, and how that is shown.
#include <gtest/gtest.h>

#include <sstream>

#include "cli/lag.hpp"

namespace gantry::cli {
namespace {

PartitionLag partition(std::int32_t number, std::optional<std::int64_t> committed,
                       std::optional<std::int64_t> begin, std::optional<std::int64_t> end) {
  return {"trace-topic", number, committed, begin, end};
}

std::vector<RouteLag> example() {
  return {{"save",
           "default-group-save",
           {partition(0, 40, {}, 51), partition(1, {}, 100, 107), partition(2, 7, {}, {})},
           {"gone"}},
          {"other", "other", {partition(0, 51, {}, 51)}, {}}};
}

TEST(Lag, is_from_the_committed_offset_or_from_all_that_is_kept) {
  EXPECT_EQ(partition(0, 40, 5, 51).lag(), 11);
  EXPECT_EQ(partition(0, {}, 100, 107).lag(), 7);
  EXPECT_EQ(partition(0, {}, {}, 107).lag(), std::nullopt);
  EXPECT_EQ(partition(0, 40, {}, {}).lag(), std::nullopt);
  EXPECT_EQ(partition(0, 60, {}, 51).lag(), 0) << "a topic that was made anew";
}

TEST(Lag, is_shown_a_partition_a_line_with_what_it_is_in_all) {
  std::ostringstream out;
  print_lag(out, example());
  EXPECT_EQ(out.str(),
            "ROUTE  TOPIC        PARTITION  COMMITTED  END  LAG\n"
            "save   trace-topic          0         40   51   11\n"
            "save   trace-topic          1          -  107    7\n"
            "save   trace-topic          2          7    -    -\n"
            "save   all                                      18\n"
            "other  trace-topic          0         51   51    0\n"
            "save: there is no topic gone, or this user may not see it\n");
}

TEST(Lag, is_json_for_programs) {
  EXPECT_EQ(
      lag_json(
          {{"other", "group", {partition(0, 51, {}, 60), partition(1, {}, {}, {})}, {"gone"}}}),
      R"({"routes":[{"route":"other","group":"group","lag":9,"partitions":[)"
      R"({"topic":"trace-topic","partition":0,"committed":51,"end":60,"lag":9},)"
      R"({"topic":"trace-topic","partition":1,"committed":null,"end":null,"lag":null}],)"
      R"("missingTopics":["gone"]}]})");
}

}  // namespace
}  // namespace gantry::cli
