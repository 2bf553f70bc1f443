// The order of each key in a topic of the outbox that refuses whole batches: their records go there
// one by one, and none that comes behind them passes them by.
#include <gmock/gmock.h>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

class OutboxOrder : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    kafka.create_topic(events, {.config = {{"max.message.bytes", "2000"}}});
    write_main(database_table(database) + "[outbox]\ndatabases = [\"main\"]\n");
    write_probe_route();
    apply_migrations();
  }
  // In one transaction, so that they go out in one batch, which the topic takes where it is small.
  void insert(int count) {
    const int first = std::exchange(inserted_, inserted_ + count) + 1;
    database.execute("INSERT INTO gantry_outbox (route, topic, key, value) SELECT 'probe', '" +
                     events + "', convert_to('k' || n % " + std::to_string(kKeys) +
                     ", 'UTF8'), convert_to(lpad(n::text, 100, '0'), 'UTF8') FROM "
                     "generate_series(" +
                     std::to_string(first) + ", " + std::to_string(inserted_) + ") n ORDER BY n");
  }
  void wait_until_empty() {
    eventually([&] { return database.count("gantry_outbox") == 0; }, 120s,
               [&] { return std::to_string(database.count("gantry_outbox")) + " rows to go"; });
  }
  // As they came; one that came again is where it came first.
  std::map<std::string, std::vector<int>> read() {
    std::map<std::string, std::vector<int>> numbers;
    std::set<int> seen;
    for (const Record& record : kafka.consume_all(events)) {
      const int number = std::stoi(*record.value);
      if (seen.insert(number).second) numbers[*record.key].push_back(number);
    }
    return numbers;
  }

  static constexpr int kKeys = 3;
  const std::string events = run + "-events";
  int inserted_ = 0;
  Database database = Postgres::shared().create_database();
};

TEST_F(OutboxOrder, is_kept_where_the_topic_refuses_a_batch_and_takes_what_comes_behind_it) {
  HostProcess host(files);
  host.wait_until_ready();
  constexpr int kBatches = 3;
  for (int batch = 0; batch < kBatches; ++batch) {
    insert(60);
    for (int i = 0; i < 60; ++i) insert(1);
  }
  wait_until_empty();
  const auto numbers = read();
  ASSERT_EQ(numbers.size(), std::size_t{kKeys});
  for (const auto& [key, all] : numbers) {
    EXPECT_EQ(all.size(), std::size_t{kBatches * 120 / kKeys}) << key;
    EXPECT_TRUE(std::ranges::is_sorted(all)) << key << ": " << testing::PrintToString(all);
  }
  EXPECT_TRUE(dead_letters().empty());
}

}  // namespace
}  // namespace gantry::test
