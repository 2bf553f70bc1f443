// What the routes say is what happens: who gets which events, on how many lanes, under which names.
#include <map>
#include <sstream>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

class Wiring : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
  }
};

TEST_F(Wiring, two_routes_on_one_topic_each_get_every_event) {
  write_probe_route();
  write_probe_route("second");
  auto records = skewed_orders(topic, 1000, 50);
  kafka.produce(records);
  HostProcess host(files);
  kafka.wait_until_committed(group("probe"), topic);
  kafka.wait_until_committed(group("second"), topic);
  EXPECT_EQ(probe_file("probe").distinct_messages(), 1000u);
  EXPECT_EQ(probe_file("second").distinct_messages(), 1000u);
}

TEST_F(Wiring, concurrency_3_handles_three_keys_of_one_partition_at_once_and_no_more) {
  write_probe_route("probe", "concurrency = 3\n");
  HostProcess host(files);
  for (const char* key : {"a", "b", "c", "d"}) send(key, "wait-for:" + in_folder("go"), 0);
  probe_file().wait_for(3, "begin");
  EXPECT_TRUE(probe_file().calls("end").empty());
  EXPECT_EQ(probe_file().calls("begin").size(), 3u);
  touch("go");
  probe_file().wait_for(4, "end");
}

TEST_F(Wiring, one_key_is_never_in_two_lanes) {
  write_probe_route("probe", "concurrency = 3\n");
  std::vector<Record> records;
  for (int i = 0; i < 300; ++i) {
    records.push_back({.topic = topic, .key = "key-" + std::to_string(i % 5), .value = "sleep:1"});
  }
  kafka.produce(records);
  HostProcess host(files);
  kafka.wait_until_committed(group(), topic);
  std::map<std::string, std::vector<std::string>> events;
  const std::string text = read_file(probe_file().path());
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string event, topic_name, partition, offset, key;
    words >> event >> topic_name >> partition >> offset >> key;
    auto& of_key = events[key];
    ASSERT_TRUE(of_key.empty() ? event == "begin" : of_key.back() != event)
        << "two at once: " << line;
    of_key.push_back(event);
  }
  EXPECT_EQ(events.size(), 5u);
}

TEST_F(Wiring, topics_and_groups_are_renamed_in_toml_alone) {
  const std::string renamed = run + ".renamed_orders";
  kafka.create_topic(renamed, {.partitions = 5});
  kafka.create_topic(run + ".renamed_dlq", {.partitions = 1});
  files.set("TOPIC", renamed);
  write_probe_route(
      "probe",
      "group = \"@RUN@.another_group\"\ndead_letter = { topic = \"@RUN@.renamed_dlq\" }\n");
  auto records = skewed_orders(renamed, 500, 50);
  records.push_back({.topic = renamed, .partition = 4, .key = "bad", .value = "reject"});
  kafka.produce(records);
  HostProcess host(files);
  kafka.wait_until_committed(run + ".another_group", renamed);
  EXPECT_EQ(probe_file().distinct_messages(), 501u);
  EXPECT_EQ(probe_file().order_problem(), "");
  const auto letters = kafka.consume_all(run + ".renamed_dlq");
  ASSERT_EQ(letters.size(), 1u) << "the original's partition 4 is not there: by key then";
  EXPECT_EQ(letters[0].key, "bad");
}

TEST_F(Wiring, one_route_reads_several_topics) {
  kafka.create_topic(run + "-more", {.partitions = 2});
  write_probe_route("probe", "topics = [\"@TOPIC@\", \"@RUN@-more\"]\n");
  send("one", "ok");
  kafka.produce({.topic = run + "-more", .key = "two", .value = "ok"});
  HostProcess host(files);
  probe_file().wait_for_key("one");
  probe_file().wait_for_key("two");
}

}  // namespace
}  // namespace gantry::test
