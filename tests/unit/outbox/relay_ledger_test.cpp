// The order of an outbox's records, whatever fails: the ledger against a model of table and
// brokers.
#include "outbox/relay_ledger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace gantry::outbox {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

struct LedgerTest : testing::Test {
  RelayLedger ledger;
  RelayLedger::Time now{};
  bool admit(RelayLedger::Id id, const std::string& topic, std::optional<std::string> key) {
    return ledger.admit({id, topic, std::move(key), 10}, now);
  }
  void fail(RelayLedger::Id id) { ledger.failed(id, now, "no broker"); }
};

TEST_F(LedgerTest, leaves_out_what_is_in_flight) {
  EXPECT_TRUE(admit(1, "t", "a"));
  EXPECT_TRUE(admit(2, "t", "a"));
  EXPECT_THAT(ledger.exclusions(now).ids, UnorderedElementsAre(1, 2));
  EXPECT_THAT(ledger.exclusions(now).keys, IsEmpty());
  EXPECT_EQ(ledger.bytes_in_flight(), 20u);
  ledger.answered(1, now);
  ledger.answered(2, now);
  EXPECT_THAT(ledger.exclusions(now).ids, IsEmpty());
  EXPECT_EQ(ledger.bytes_in_flight(), 0u);
  EXPECT_EQ(ledger.oldest(), std::nullopt);
}

TEST_F(LedgerTest, a_failure_holds_back_its_own_key_alone) {
  admit(1, "t", "a");
  admit(2, "t", "b");
  fail(1);
  EXPECT_THAT(ledger.exclusions(now).keys, ElementsAre(Pair("t", "a")));
  EXPECT_FALSE(admit(3, "t", "a"));
  EXPECT_TRUE(admit(4, "t", "b"));
  EXPECT_TRUE(admit(5, "other", "a"));
  EXPECT_THAT(ledger.trouble(), testing::HasSubstr("\"t\": no broker"));
}

TEST_F(LedgerTest, after_a_failure_the_rows_of_a_key_go_out_one_at_a_time_until_one_is_there) {
  admit(1, "t", "a");
  fail(1);
  EXPECT_EQ(ledger.next_due(), now + RelayLedger::kFirstBackoff);
  now += RelayLedger::kFirstBackoff;
  EXPECT_THAT(ledger.exclusions(now).keys, IsEmpty());
  EXPECT_TRUE(admit(1, "t", "a"));
  EXPECT_FALSE(admit(2, "t", "a"));
  EXPECT_THAT(ledger.exclusions(now).keys, ElementsAre(Pair("t", "a")));
  ledger.answered(1, now);
  EXPECT_TRUE(admit(2, "t", "a"));
  EXPECT_TRUE(admit(3, "t", "a"));
  EXPECT_EQ(ledger.trouble(), "");
}

TEST_F(LedgerTest, a_key_whose_later_rows_are_still_on_their_way_waits_for_them_too) {
  admit(1, "t", "a");
  admit(2, "t", "a");
  fail(1);
  now += milliseconds{60'000};
  EXPECT_FALSE(admit(1, "t", "a"));
  fail(2);
  now += milliseconds{60'000};
  EXPECT_TRUE(admit(1, "t", "a"));
}

TEST_F(LedgerTest, those_of_a_refused_batch_go_alone_and_nothing_of_their_key_beside_them) {
  for (RelayLedger::Id id = 1; id <= 2; ++id) admit(id, "t", "a");
  for (RelayLedger::Id id = 1; id <= 2; ++id) ledger.failed(id, now, "INVALID_RECORD", true);
  now += RelayLedger::kFirstBackoff;
  EXPECT_TRUE(ledger.goes_alone(1));
  EXPECT_TRUE(admit(1, "t", "a"));
  EXPECT_FALSE(admit(2, "t", "a"));
  ledger.answered(1, now);
  EXPECT_EQ(ledger.trouble(), "");
  EXPECT_TRUE(ledger.goes_alone(2));
  EXPECT_TRUE(admit(2, "t", "a"));
  EXPECT_FALSE(admit(3, "t", "a")) << "in a batch it would overtake the one that goes alone";
  EXPECT_THAT(ledger.exclusions(now).keys, ElementsAre(Pair("t", "a")));
  ledger.answered(2, now);
  EXPECT_FALSE(ledger.goes_alone(3));
  EXPECT_TRUE(admit(3, "t", "a"));
  EXPECT_TRUE(admit(4, "t", "a"));
}

TEST_F(LedgerTest, those_of_a_refused_batch_that_somebody_deletes_are_forgotten) {
  for (RelayLedger::Id id = 1; id <= 2; ++id) admit(id, "t", "a");
  for (RelayLedger::Id id = 1; id <= 2; ++id) ledger.failed(id, now, "INVALID_RECORD", true);
  now += RelayLedger::kFirstBackoff;
  admit(1, "t", "a");
  ledger.answered(1, now);
  ledger.none_left(now);
  EXPECT_FALSE(ledger.goes_alone(2));
  EXPECT_TRUE(admit(3, "t", "a"));
  EXPECT_TRUE(admit(4, "t", "a"));
}

TEST_F(LedgerTest, a_row_without_a_key_holds_back_nothing) {
  admit(1, "t", std::nullopt);
  fail(1);
  EXPECT_THAT(ledger.exclusions(now).ids, ElementsAre(1));
  EXPECT_TRUE(admit(2, "t", std::nullopt));
}

TEST_F(LedgerTest, backs_off_longer_each_time_and_at_most_ten_seconds) {
  milliseconds longest{0};
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(admit(1, "t", "a"));
    fail(1);
    const auto wait = std::chrono::duration_cast<milliseconds>(*ledger.next_due() - now);
    EXPECT_GE(wait, longest);
    longest = wait;
    now += wait;
  }
  EXPECT_EQ(longest, RelayLedger::kLastBackoff);
}

TEST_F(LedgerTest, a_key_whose_rows_somebody_has_deleted_is_waited_for_no_more) {
  admit(1, "t", "a");
  fail(1);
  ledger.none_left(now);  // its row was left out of that read
  EXPECT_FALSE(ledger.trouble().empty());
  now += milliseconds(100);
  admit(2, "t", "b");
  fail(2);
  now += milliseconds(100);
  ledger.none_left(now);
  EXPECT_THAT(ledger.exclusions(now).keys, ElementsAre(Pair("t", "b")));
  now += milliseconds(100);
  ledger.none_left(now);
  EXPECT_EQ(ledger.trouble(), "");
  EXPECT_EQ(ledger.next_due(), std::nullopt);
  EXPECT_TRUE(admit(3, "t", "a"));
  EXPECT_TRUE(admit(4, "t", "a"));
}

TEST_F(LedgerTest, a_topic_with_too_many_keys_in_trouble_is_asked_with_one_row) {
  const auto many = static_cast<RelayLedger::Id>(RelayLedger::kMostTroubledKeys + 1);
  for (RelayLedger::Id id = 1; id <= many; ++id) admit(id, "t", std::to_string(id));
  for (RelayLedger::Id id = 1; id <= many; ++id) fail(id);
  EXPECT_THAT(ledger.exclusions(now).topics, ElementsAre("t"));
  now += RelayLedger::kFirstBackoff;
  EXPECT_TRUE(admit(1, "t", "1"));
  EXPECT_FALSE(admit(2, "t", "2"));
  EXPECT_TRUE(admit(many + 1, "other", "x"));
  ledger.answered(1, now);
  EXPECT_THAT(ledger.exclusions(now).topics, IsEmpty());
  EXPECT_THAT(ledger.exclusions(now).keys, IsEmpty());
  EXPECT_TRUE(admit(2, "t", "2"));
}

// Topics go away and come back, and refuse batches. What is on its way to one that is away waits,
// and is recalled all together, as the relay does before the publisher would give up single
// records. What goes alone overtakes what does not, and is overtaken.
class Model {
 public:
  explicit Model(std::uint64_t seed) : random_(seed) {}

  void run() {
    for (int step = 0; step < 1000; ++step) {
      now_ += milliseconds(chance(3) ? 50 : 1);
      if (step < 600 && chance(2)) insert();
      if (chance(40)) toggle("t" + std::to_string(below(3)));
      read();
      for (const std::string& topic : std::set(down_))
        if (chance(10)) recall(topic);
      if (chance(20)) refuse("t" + std::to_string(below(3)));
      if (chance(2)) land(alone_, 1);
      land(wire_, 3);
    }
    down_.clear();
    for (int step = 0; step < 2000 && !rows_.empty(); ++step) {
      now_ += milliseconds(500);
      read();
      land(alone_, 1'000'000);
      land(wire_, 1'000'000);
    }
    EXPECT_TRUE(rows_.empty());
    EXPECT_EQ(ledger_.in_flight(), 0u);
    EXPECT_EQ(ledger_.trouble(), "");
  }

 private:
  struct Row {
    std::string topic;
    std::optional<std::string> key;
  };
  bool chance(int in) { return below(in) == 0; }
  int below(int n) { return std::uniform_int_distribution<>(0, n - 1)(random_); }

  void insert() {
    const int key = below(5);
    rows_[++last_id_] = {"t" + std::to_string(below(3)),
                         key == 0 ? std::nullopt : std::optional("k" + std::to_string(key))};
  }
  void toggle(const std::string& topic) {
    if (!down_.insert(topic).second) down_.erase(topic);
  }
  void recall(const std::string& topic) {
    for (auto at = wire_.begin(); at != wire_.end();)
      if (rows_.at(at->second).topic == topic) {
        ledger_.failed(at->second, now_, "gone");
        at = wire_.erase(at);
      } else {
        ++at;
      }
  }
  // The whole connection fails with that: some were in the batch and some not.
  void refuse(const std::string& topic) {
    for (auto at = wire_.begin(); at != wire_.end();)
      if (rows_.at(at->second).topic == topic) {
        ledger_.failed(at->second, now_, "refused", chance(2));
        at = wire_.erase(at);
      } else {
        ++at;
      }
  }
  void read() {
    const auto without = ledger_.exclusions(now_);
    int limit = 7;
    for (const auto& [id, row] : rows_) {
      if (std::ranges::count(without.ids, id) || std::ranges::count(without.topics, row.topic) ||
          (row.key && std::ranges::count(without.keys, std::pair(row.topic, *row.key))))
        continue;
      if (ledger_.admit({id, row.topic, row.key, 1}, now_))
        (ledger_.goes_alone(id) ? alone_ : wire_).emplace(++sent_, id);
      if (--limit == 0) break;
    }
  }
  // The brokers take about so many, in the order they were sent.
  void land(std::map<int, RelayLedger::Id>& wire, int about) {
    for (auto at = wire.begin(); at != wire.end() && !chance(about + 1);) {
      const RelayLedger::Id id = at->second;
      const Row row = rows_.at(id);
      if (down_.contains(row.topic)) {
        ++at;
        continue;
      }
      at = wire.erase(at);
      if (row.key) {
        auto& last = delivered_[{row.topic, *row.key}];
        EXPECT_LT(last, id) << row.topic << ' ' << *row.key;
        last = id;
      }
      rows_.erase(id);
      ledger_.answered(id, now_);
    }
  }

  std::mt19937_64 random_;
  RelayLedger ledger_;
  RelayLedger::Time now_{};
  std::map<RelayLedger::Id, Row> rows_;
  std::map<int, RelayLedger::Id> wire_, alone_;  // in the order they were sent
  std::map<std::pair<std::string, std::string>, RelayLedger::Id> delivered_;
  std::set<std::string> down_;
  RelayLedger::Id last_id_ = 0;
  int sent_ = 0;
};

TEST(RelayLedger, keeps_the_order_of_each_key_through_outages_and_loses_nothing) {
  const std::uint64_t first = std::random_device{}();
  for (std::uint64_t seed = first; seed < first + 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Model(seed).run();
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace gantry::outbox
