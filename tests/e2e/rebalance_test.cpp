// Three hosts of one group that join, leave, are killed and frozen past their session, while
// messages flow: none is lost and the order of each key is kept. What comes twice is counted.
#include <array>
#include <iostream>
#include <optional>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

constexpr int kMessages = 100'000;
constexpr int kKeys = 500;
constexpr int kChunk = 10'000;

class Rebalance : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic, {.partitions = 6});
    kafka.create_topic(dlq);
    hosts_[0].files = &files;
    hosts_[1].files = &second_;
    hosts_[2].files = &third_;
    for (std::size_t i = 0; i < 3; ++i)
      write_member(*hosts_[i].files, "host-" + run + "-" + std::to_string(i + 1),
                   probe_file().path().string());
    topic_records_ = skewed_orders(topic, kMessages, kKeys);
  }
  void produce_chunk() {
    std::vector<Record> chunk(topic_records_.begin() + produced_,
                              topic_records_.begin() + produced_ + kChunk);
    for (Record& record : chunk) record.value = "sleep:1";
    kafka.produce(chunk);
    produced_ += kChunk;
  }
  HostProcess& start(int number) {
    Member& member = hosts_[static_cast<std::size_t>(number)];
    remember(member);
    return member.process.emplace(*member.files);
  }
  // Waits until a host other than before has partitions, which a log line tells.
  void wait_for_assignments(int at_least) {
    eventually([&] { return assignments() >= at_least; }, 60s,
               [&] {
                 return std::to_string(at_least) + " assignments; there were " +
                        std::to_string(assignments());
               });
  }
  int assignments() {
    int count = past_assignments_;
    for (const Member& member : hosts_)
      if (member.process) count += lines_of(*member.process);
    return count;
  }
  // Everything that is there has been handled, whoever has done it.
  void wait_until_handled() { kafka.wait_until_committed(group(), topic, 120s); }

 private:
  struct Member {
    ConfigFiles* files = nullptr;
    std::optional<HostProcess> process;
  };
  static int lines_of(const HostProcess& host) {
    const std::string log = host.log();
    int lines = 0;
    for (auto at = log.find("partitions assigned"); at != std::string::npos;
         at = log.find("partitions assigned", at + 1))
      ++lines;
    return lines;
  }
  void remember(Member& member) {
    if (member.process) past_assignments_ += lines_of(*member.process);
  }

 protected:
  ConfigFiles second_, third_;
  std::array<Member, 3> hosts_;
  std::vector<Record> topic_records_;
  int produced_ = 0;
  int past_assignments_ = 0;
};

TEST_F(Rebalance, loses_nothing_and_keeps_the_order_of_each_key) {
  start(0).wait_until_ready();
  start(1).wait_until_ready();
  produce_chunk();
  int expected = assignments() + 2;  // a third member: at least two get other partitions
  start(2);
  produce_chunk();
  wait_for_assignments(expected);

  for (int round = 0; round < 2; ++round) {
    expected = assignments() + 1;
    produce_chunk();
    hosts_[1].process->kill9();
    produce_chunk();
    start(1);  // a static member: it has its partitions back at once
    wait_for_assignments(expected);

    // Frozen past its session: the others have its partitions, and it does not know.
    expected = assignments() + 2;
    produce_chunk();
    hosts_[2].process->pause();
    wait_for_assignments(expected);
    produce_chunk();
    hosts_[2].process->resume();

    expected = assignments() + 1;
    EXPECT_EQ(hosts_[0].process->terminate(), 0);
    start(0);
    wait_for_assignments(expected);
  }
  while (produced_ < kMessages) produce_chunk();
  wait_until_handled();

  EXPECT_EQ(probe_file().distinct_messages(), static_cast<std::size_t>(kMessages));
  EXPECT_EQ(probe_file().order_problem(), "");
  EXPECT_TRUE(dead_letters().empty());
  RecordProperty("duplicates", static_cast<int>(probe_file().calls().size()) - kMessages);
  std::cout << probe_file().calls().size() - kMessages << " of " << kMessages
            << " came twice, over " << assignments() << " assignments\n";
}

}  // namespace
}  // namespace gantry::test
