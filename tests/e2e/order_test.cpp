// What is handled one behind the other on real partitions, and what at once: order = "key",
// "partition" and "none" with three lanes.
#include <map>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

constexpr int kEach = 30;  // messages of a partition

class Order : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic, {.partitions = 2});
    kafka.create_topic(dlq);
    write_main();
  }
  // Three that wait in handlers' hands at the same time, all of one partition.
  void expect_three_at_once(const Bytes& key) {
    HostProcess host(files);
    const std::string value = "wait-for:" + in_folder("go");
    for (int i = 0; i < 4; ++i)
      kafka.produce({.topic = topic, .partition = 0, .key = key, .value = value});
    probe_file().wait_for(3, "begin");
    EXPECT_TRUE(probe_file().calls("end").empty());
    touch("go");
    probe_file().wait_for(4, "end");
  }
};

TEST_F(Order, of_a_partition_holds_over_one_that_is_tried_again_and_delays_no_other_partition) {
  write_probe_route("probe", "concurrency = 3\norder = \"partition\"\n");
  std::vector<Record> records;
  for (int i = 0; i < 2 * kEach; ++i) {
    std::string value = "sleep:1";
    if (i == 0) value = "wait-for:" + in_folder("go");
    if (i == 20 || i == 21) value = "fail:2";
    records.push_back(
        {.topic = topic, .partition = i % 2, .key = "key-" + std::to_string(i), .value = value});
  }
  kafka.produce(records);
  HostProcess host(files);
  const auto ends_of_the_other = [&] {
    int ends = 0;
    for (const ProbeCall& call : probe_file().calls("end")) ends += call.partition == 1 ? 1 : 0;
    return ends;
  };
  eventually([&] { return ends_of_the_other() == kEach + 2; }, 60s, "all of the other partition");
  touch("go");
  kafka.wait_until_committed(group(), topic);

  std::map<std::int32_t, std::vector<ProbeCall>> of_partition;
  for (ProbeCall& call : probe_file().calls(std::set<std::string>{"begin", "end"}))
    of_partition[call.partition].push_back(std::move(call));
  for (const auto& [partition, calls] : of_partition) {
    ASSERT_EQ(calls.size(), 2u * (kEach + 2)) << "two of the attempts are repeats";
    std::int64_t last = -1;
    for (std::size_t i = 0; i < calls.size(); i += 2) {
      ASSERT_EQ(calls[i].event, "begin");
      ASSERT_EQ(calls[i + 1].event, "end") << "two at once behind offset " << last;
      ASSERT_EQ(calls[i + 1].offset, calls[i].offset);
      ASSERT_EQ(calls[i].offset, calls[i].attempt > 1 ? last : last + 1);
      last = calls[i].offset;
    }
  }
  EXPECT_TRUE(dead_letters().empty());
}

TEST_F(Order, of_keys_is_none_for_messages_without_one) {
  write_probe_route("probe", "concurrency = 3\n");
  expect_three_at_once(std::nullopt);
}

TEST_F(Order, none_lets_messages_of_one_key_be_handled_at_once) {
  write_probe_route("probe", "concurrency = 3\norder = \"none\"\n");
  expect_three_at_once("key");
}

}  // namespace
}  // namespace gantry::test
