// One key is parked for long, thousands of others are handled, and the process is killed: what was
// settled above the committed offset does not come again. And what a group finds when its log is
// not as it left it.
#include "route/dispatch/settled_ranges.hpp"

#include <gmock/gmock.h>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kPartitions = 3;
constexpr int kSettled = 6000;
constexpr int kMore = 2000;
constexpr const char* kParkForLong = "retry = { backoff_ms = 600000, max_backoff_ms = 600000 }\n";

class SettledRanges : public EndToEnd, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
  }
  std::string order() const { return "order = \"" + std::string(GetParam()) + "\"\n"; }
  void park_one_key_in_each_partition() {
    for (int p = 0; p < kPartitions; ++p) send(parked(p), "fail:1", p);
    for (int p = 0; p < kPartitions; ++p) probe_file().wait_for_key(parked(p));
  }
  static std::string parked(int partition) { return "parked-" + std::to_string(partition); }
  void produce(const std::string& prefix, int count, const std::string& value) {
    std::vector<Record> records;
    for (int i = 0; i < count; ++i)
      records.push_back({.topic = topic, .key = prefix + std::to_string(i), .value = value});
    kafka.produce(records);
  }
  std::int64_t settled_above_the_commits() {
    std::int64_t all = 0;
    const auto offsets = kafka.committed(group(), topic);
    for (const auto& [partition, metadata] : kafka.committed_metadata(group(), topic)) {
      if (!offsets.contains(partition)) continue;  // committed between the two questions
      const auto decoded =
          route::decode_settled({topic, partition, offsets.at(partition)}, metadata);
      EXPECT_EQ(decoded.problem, "") << metadata;
      for (const auto& range : decoded.ranges) all += range.end - range.begin;
    }
    return all;
  }
  std::size_t calls_of_keys(const std::string& prefix) {
    const auto calls = probe_file().calls();
    return static_cast<std::size_t>(std::ranges::count_if(
        calls, [&](const ProbeCall& call) { return call.key.starts_with(prefix); }));
  }
};

TEST_P(SettledRanges, bound_the_duplicates_of_a_kill_by_what_was_in_flight) {
  write_probe_route("probe", order() + kParkForLong);
  {
    HostProcess host(files);
    park_one_key_in_each_partition();
    produce("settled-", kSettled, "ok");
    eventually([&] { return settled_above_the_commits() == kSettled; }, 120s,
               "all settled messages to be in the commits");
    produce("more-", kMore, "sleep:5");
    probe_file().wait_for(kPartitions + kSettled + kMore / 2, "end");
    host.kill9();
  }
  const auto offsets = kafka.committed(group(), topic);
  for (const auto& [partition, offset] : offsets) EXPECT_EQ(offset, 0) << "the parked one's";
  write_probe_route("probe", order() + "retry = { backoff_ms = 10 }\n");
  HostProcess again(files);
  kafka.wait_until_committed(group(), topic);

  EXPECT_EQ(probe_file().distinct_messages(), std::size_t{kPartitions + kSettled + kMore});
  EXPECT_EQ(calls_of_keys("settled-"), std::size_t{kSettled}) << "settled ones came again";
  EXPECT_LT(calls_of_keys("more-"), std::size_t{kMore + kMore / 4})
      << "more came again than was in flight or settled since the last commit";
  for (int p = 0; p < kPartitions; ++p)
    EXPECT_EQ(probe_file().calls_of(parked(p)).size(), 3u) << "once, and again with its retry";
  EXPECT_TRUE(dead_letters().empty());
}

INSTANTIATE_TEST_SUITE_P(Orders, SettledRanges, testing::Values("key", "none"),
                         [](const auto& test) { return std::string(test.param); });

class ChangedLog : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic, {.partitions = 1});
    kafka.create_topic(dlq);
    write_main();
    write_probe_route();
  }
  void produce(int count, const std::string& prefix) {
    std::vector<Record> records;
    for (int i = 0; i < count; ++i)
      records.push_back({.topic = topic, .key = prefix + std::to_string(i), .value = "ok"});
    kafka.produce(records);
  }
  void handle_all_and_end() {
    HostProcess host(files);
    kafka.wait_until_committed(group(), topic);
    EXPECT_EQ(host.terminate(), 0);
  }
};

TEST_F(ChangedLog, metadata_of_another_program_is_told_and_not_trusted) {
  produce(10, "a");
  kafka.commit(group(), topic, 0, 4, "consumer-1 at 10:32");
  HostProcess host(files);
  host.wait_for_log("the metadata of a committed offset is ignored");
  kafka.wait_until_committed(group(), topic);
  EXPECT_EQ(probe_file().calls().size(), 6u);
}

TEST_F(ChangedLog, records_that_were_removed_unread_are_counted) {
  produce(100, "a");
  handle_all_and_end();
  produce(100, "b");
  kafka.delete_records(topic, 0, 150);
  HostProcess host(files);
  host.wait_for_log("lost_offsets=50");
  kafka.wait_until_committed(group(), topic);
  EXPECT_EQ(probe_file().distinct_messages(), 150u);
}

TEST_F(ChangedLog, offsets_that_transactions_use_up_are_not_taken_for_lost) {
  kafka.produce_in_transaction(topic, 0, 10);
  {
    HostProcess host(files);
    probe_file().wait_for(10, "end");
    EXPECT_EQ(host.terminate(), 0);
  }
  EXPECT_EQ(kafka.committed(group(), topic).at(0), 10) << "the marker is behind it";
  kafka.produce_in_transaction(topic, 0, 10);
  HostProcess host(files);
  probe_file().wait_for(20, "end");
  EXPECT_EQ(host.terminate(), 0);
  EXPECT_EQ(kafka.committed(group(), topic).at(0), 21);
  EXPECT_THAT(host.log(), Not(HasSubstr("lost_offsets")));
}

}  // namespace
}  // namespace gantry::test
