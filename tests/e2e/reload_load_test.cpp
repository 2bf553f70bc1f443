// Reloads in the middle of 10,000 messages a second, some of whose keys are parked: nothing is
// lost, nothing is handled twice, and the messages of a key stay in their order.
#include <gmock/gmock.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "releases.hpp"

namespace gantry::test {
namespace {

constexpr int kRate = 10'000;  // messages a second
constexpr int kSeconds = 15;
constexpr int kSlices = 20;  // of a second
constexpr int kKeys = 5000;
constexpr int kParkedKeys = 25;

class ReloadLoad : public Releases {
 protected:
  void SetUp() override {
    Releases::SetUp();
    write_route(3);
  }
  void write_route(int concurrency) {
    write_release_route("concurrency = " + std::to_string(concurrency) +
                        "\nretry = { max_attempts = 1000000, backoff_ms = 200 }\n");
  }
  // Messages of the first keys wait for a file and park their keys.
  std::vector<Record> slice(int number) const {
    std::vector<Record> records;
    const int count = kRate / kSlices;
    for (int i = number * count; i < (number + 1) * count; ++i) {
      const int key = i % kKeys;
      records.push_back({.topic = topic,
                         .key = "key-" + std::to_string(key),
                         .value = key < kParkedKeys ? "wait-for:" + in_folder("go") : "ok"});
    }
    return records;
  }
  void produce_all() {
    KafkaClient producer(files.filled("@BOOTSTRAP@"));
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < kSlices * kSeconds; ++i) {
      std::vector<Record> records = slice(i);
      producer.produce(records);
      slices_ = i + 1;
      std::this_thread::sleep_until(begin + std::chrono::milliseconds(1000 / kSlices) * (i + 1));
    }
  }
  void wait_for_second(int second) {
    eventually([&] { return slices_ >= second * kSlices; }, 120s, "the producer");
  }
  // In all, those handled more than once, and those that were handled behind a later one of their
  // key.
  struct Handled {
    std::size_t messages = 0, twice = 0, out_of_order = 0;
  };
  Handled handled() const {
    std::set<std::pair<std::int32_t, std::int64_t>> seen;
    std::map<std::string, std::int64_t> last;
    Handled result;
    for (const ProbeCall& call : calls().calls(std::set<std::string>{"v1", "v2"})) {
      if (!seen.insert({call.partition, call.offset}).second) ++result.twice;
      const auto [before, first] = last.try_emplace(call.key, call.offset);
      if (!first && std::exchange(before->second, call.offset) > call.offset) ++result.out_of_order;
    }
    result.messages = seen.size();
    return result;
  }

  std::atomic<int> slices_{0};
};

TEST_F(ReloadLoad, loses_nothing_handles_nothing_twice_and_keeps_the_order) {
  HostProcess host(files);
  host.wait_until_ready();
  std::thread producing([this] { produce_all(); });
  wait_for_second(2);
  calls().wait_for(kParkedKeys, "again");
  install("v2");
  reload(host);
  wait_for_second(5);
  write_route(5);
  reload(host);
  wait_for_second(8);
  install("v1");
  write_route(2);
  reload(host);
  producing.join();
  write_route(3);
  reload(host);
  touch("go");
  kafka.wait_until_committed(group("release"), topic, 240s);

  const Handled all = handled();
  EXPECT_EQ(all.messages, std::size_t{kRate} * kSeconds);
  EXPECT_EQ(all.twice, 0u);
  EXPECT_EQ(all.out_of_order, 0u);
  EXPECT_GT(calls().calls("v2").size(), std::size_t{kRate}) << "by the new code";
  EXPECT_TRUE(dead_letters().empty());
  EXPECT_EQ(host.terminate(), 0);
}

}  // namespace
}  // namespace gantry::test
