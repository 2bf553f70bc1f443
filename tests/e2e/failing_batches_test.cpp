// Calls with many messages that fail as a whole for one of them: that one is found, alone, and none
// of its neighbours pays for it.
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "end_to_end.hpp"
#include "metric_samples.hpp"

namespace gantry::test {
namespace {

using testing::AnyOf;

class FailingBatches : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
  }
  void write_route(const std::string& more) {
    files.route("whole",
                "[[plugin]]\nlibrary = \"libwhole.so\"\n[[route]]\nname = \"whole\"\n"
                "handler = \"whole\"\ntopics = [\"@TOPIC@\"]\n"
                "settings = { file = \"@FOLDER@/whole.calls\" }\n"
                "retry = { max_attempts = 4, backoff_ms = 50 }\n" +
                    more);
  }
  ProbeFile file() const { return probe_file("whole"); }
  // Of keys 0 to count - 1.
  void produce(int count, const std::set<int>& poisoned, std::int32_t partition = -1) {
    std::vector<Record> records;
    for (int i = 0; i < count; ++i)
      records.push_back({.topic = topic,
                         .partition = partition,
                         .key = std::to_string(i),
                         .value = poisoned.contains(i) ? "poison" : "good"});
    kafka.produce(records);
  }
  // Once each, and nobody's attempt was counted for a neighbour.
  void expect_handled_but(const std::set<int>& poisoned, std::size_t count) const {
    std::map<std::string, int> times;
    for (const ProbeCall& call : file().calls("handled")) {
      ++times[call.key];
      EXPECT_EQ(call.attempt, 1) << "of key " << call.key;
    }
    EXPECT_EQ(times.size(), count - poisoned.size());
    for (const auto& [key, handled] : times) EXPECT_EQ(handled, 1) << "of key " << key;
    for (const int key : poisoned) EXPECT_FALSE(times.contains(std::to_string(key)));
  }
  // One for each of them, after its attempts.
  void expect_dead_letters_of(const std::set<int>& poisoned) {
    std::multiset<std::string> keys;
    for (const Record& letter : dead_letters()) {
      keys.insert(*letter.key);
      EXPECT_EQ(letter.value, "poison");
      EXPECT_EQ(letter.header("gantry.reason"), "exhausted");
      EXPECT_EQ(letter.header("gantry.attempts"), "4");
    }
    std::multiset<std::string> expected;
    for (const int key : poisoned) expected.insert(std::to_string(key));
    EXPECT_EQ(keys, expected);
  }
};

TEST_F(FailingBatches, one_is_halved_down_to_its_poison_and_all_others_are_handled_once) {
  constexpr int kMessages = 256;
  write_route("concurrency = 1\n");
  produce(kMessages, {100}, 0);
  HostProcess host(files);
  kafka.wait_until_committed(group("whole"), topic);
  std::int64_t size = 0;
  int alone = 0;
  for (const ProbeCall& call : file().calls_of("100", "failed")) {
    if (size > 1) {
      EXPECT_THAT(call.time_ms, AnyOf(size / 2, size - size / 2)) << "not a half";
    }
    EXPECT_EQ(call.attempt, alone + 1) << "counted among " << size;
    size = call.time_ms;
    if (size == 1) ++alone;
  }
  EXPECT_EQ(alone, 4);
  EXPECT_GT(file().calls("failed").size(), kMessages) << "it was never among others";
  expect_handled_but({100}, kMessages);
  expect_dead_letters_of({100});
}

TEST_F(FailingBatches, several_poisons_in_busy_partitions_are_found_and_nobody_else_pays) {
  constexpr int kMessages = 6000;
  const std::set<int> poisoned{0, 1, 1500, 1501, 3333, 4096, 5999};
  write_route("");
  produce(kMessages, poisoned);
  HostProcess host(files);
  kafka.wait_until_committed(group("whole"), topic);
  expect_handled_but(poisoned, kMessages);
  expect_dead_letters_of(poisoned);
  EXPECT_EQ(sample_of(host.get("/metrics").body, "gantry_settled_total{route=\"whole\"}"),
            kMessages);
  host.wait_until_ready();
}

}  // namespace
}  // namespace gantry::test
