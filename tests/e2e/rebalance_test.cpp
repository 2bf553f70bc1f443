// Three hosts of one group that leave and come back, end, are killed and are frozen past their
// session, again and again, while messages flow: each time the others get their partitions. No
// message is lost, the order of each key is kept, and what comes twice is what nobody could know
// to be settled, and has one effect.
#include <algorithm>
#include <iostream>

#include "end_to_end.hpp"
#include "fleet.hpp"
#include "route/dispatch/settled_ranges.hpp"

namespace gantry::test {
namespace {

constexpr int kMessages = 100'000;
constexpr int kKeys = 500;
constexpr int kChunk = 5'000;
constexpr int kPartitions = 6;
constexpr int kHosts = Fleet::kHosts;
constexpr int kRounds = 2;
constexpr std::size_t kLanes = 4;  // of write_member()'s route
// A message takes a millisecond at least, so that a lane settles a thousand in a second at most, in
// which the host commits five times: no death may leave more behind.
constexpr std::size_t kMostUnrecorded = kLanes * 1000;

using Place = std::pair<std::int32_t, std::int64_t>;  // partition and offset

class Rebalance : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic, {.partitions = kPartitions});
    kafka.create_topic(dlq);
    for (int i = 0; i < kHosts; ++i)
      write_member(fleet_.files(i), "host-" + run + "-" + std::to_string(i), probe_file().path());
    records_ = skewed_orders(topic, kMessages, kKeys);
  }
  void produce_chunk() {
    std::vector<Record> chunk(records_.begin() + produced_, records_.begin() + produced_ + kChunk);
    for (Record& record : chunk) record.value = "sleep:1";
    kafka.produce(chunk);
    std::ranges::copy(chunk, records_.begin() + produced_);  // with where they went
    produced_ += kChunk;
  }
  // What was begun of the partitions of a host that is gone, and the brokers do not know to be
  // settled: it was in its hands, or settled after its last commit.
  void note_unrecorded(int number) {
    const auto offsets = kafka.committed(group(), topic);
    const auto metadata = kafka.committed_metadata(group(), topic);
    std::set<Place> unrecorded;
    for (const ProbeCall& call : probe_file().calls())
      if (fleet_.owners().at(call.partition) == number)
        unrecorded.emplace(call.partition, call.offset);
    for (const auto& [partition, offset] : offsets) {
      const auto text = metadata.find(partition);
      const auto settled = route::decode_settled(
          {topic, partition, offset}, text == metadata.end() ? "" : std::string_view(text->second));
      std::erase_if(unrecorded, [&](const Place& place) {
        return place.first == partition &&
               (place.second < offset ||
                std::ranges::any_of(settled.ranges, [&](const route::OffsetRange& range) {
                  return place.second >= range.begin && place.second < range.end;
                }));
      });
    }
    EXPECT_LT(unrecorded.size(), kMostUnrecorded);
    may_repeat_ += unrecorded.size();
    unrecorded_.merge(unrecorded);
  }

  void disturb_in_every_way(int round) {
    disturb((round + 1) % kHosts, &Fleet::kill, &Fleet::start);
    disturb((round + 2) % kHosts, &Fleet::freeze, &Fleet::thaw);
    disturb(round % kHosts, &Fleet::leave, &Fleet::come_back);
    disturb((round + 1) % kHosts, &Fleet::end, &Fleet::start);
  }
  using Step = void (Fleet::*)(int);
  // One host goes at work, the others have its partitions and go on, and it returns.
  void disturb(int number, Step away, Step back) {
    produce_chunk();
    fleet_.wait_until_at_work(number);
    (fleet_.*away)(number);
    if (away == &Fleet::kill || away == &Fleet::freeze) note_unrecorded(number);
    // When it wakes each of its lanes may be on its way into the handler.
    if (away == &Fleet::freeze) late_ += kLanes;
    std::set<int> others = all_;
    others.erase(number);
    fleet_.wait_until_shared_by(others);
    produce_chunk();
    (fleet_.*back)(number);
    fleet_.wait_until_shared_by(all_);
    ++disturbances_;
  }

  void expect_one_effect_of_each_message_in_order();
  void expect_repeated_only_what_was_not_recorded();

  const std::set<int> all_{0, 1, 2};
  Fleet fleet_{topic, kPartitions};
  std::vector<Record> records_;
  int produced_ = 0;
  int disturbances_ = 0;
  std::set<Place> unrecorded_;
  std::size_t may_repeat_ = 0;
  std::size_t late_ = 0;
};

// As of rows whose key is (key, number): what comes again finds its row there.
void Rebalance::expect_one_effect_of_each_message_in_order() {
  std::map<Place, int> numbers;
  std::map<std::string, std::vector<int>> sent, effects;
  for (int number = 0; number < kMessages; ++number) {
    const Record& record = records_[number];
    numbers[{record.partition, record.offset}] = number;
    sent[*record.key].push_back(number);
  }
  std::set<int> rows;
  for (const ProbeCall& call : probe_file().calls("end")) {
    const int number = numbers.at({call.partition, call.offset});
    if (rows.insert(number).second) effects[call.key].push_back(number);
  }
  EXPECT_EQ(rows.size(), std::size_t{kMessages});
  for (const auto& [key, all] : sent) EXPECT_EQ(effects[key], all) << key;
}

void Rebalance::expect_repeated_only_what_was_not_recorded() {
  std::map<Place, std::size_t> begun;
  for (const ProbeCall& call : probe_file().calls()) ++begun[{call.partition, call.offset}];
  std::size_t repeats = 0, unexpected = 0;
  for (const auto& [place, times] : begun) {
    repeats += times - 1;
    if (times > 1 && !unrecorded_.contains(place)) ++unexpected;
  }
  std::cout << repeats << " of " << kMessages << " came again, of " << may_repeat_
            << " that could; " << fleet_.moved() << " times a partition went to another host\n";
  RecordProperty("duplicates", static_cast<int>(repeats));
  EXPECT_LE(unexpected, late_) << "recorded as settled, and handled again";
  EXPECT_LE(repeats, may_repeat_ + late_);
}

TEST_F(Rebalance, loses_nothing_and_keeps_the_order_of_each_key) {
  fleet_.start(0);
  fleet_.start(1);
  fleet_.wait_until_shared_by({0, 1});
  produce_chunk();
  fleet_.start(2);
  fleet_.wait_until_shared_by(all_);

  for (int round = 0; round < kRounds; ++round) disturb_in_every_way(round);
  // With three hosts of two partitions each, both of one go to the others and two come back.
  EXPECT_GE(fleet_.moved(), disturbances_ * 4);
  while (produced_ < kMessages) produce_chunk();
  kafka.wait_until_committed(group(), topic);

  EXPECT_EQ(probe_file().order_problem(), "");
  expect_one_effect_of_each_message_in_order();
  expect_repeated_only_what_was_not_recorded();
  EXPECT_TRUE(dead_letters().empty());
}

}  // namespace
}  // namespace gantry::test
