// The host that relays the outbox is killed in the middle of it, while another one stands by: that
// one takes over, and every event arrives, those of a key in their order.
#include <algorithm>
#include <iostream>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

constexpr int kEvents = 20'000;
constexpr int kOnTheirWay = 4'000;  // a relay sends no more before the first are deleted
constexpr int kKeys = 50;

class RelayTakeover : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    configure(files, "first-" + run);
    configure(second_, "second-" + run);
    apply_migrations();
  }
  void configure(ConfigFiles& host, const std::string& name) {
    write_member(host, name, (host.folder() / "probe.calls").string());
    const std::string member = read_file(host.file());
    const std::size_t routes = member.find("[[plugin]]");
    host.main(member.substr(0, routes) + database_table(database_) +
              "[outbox]\ndatabases = [\"main\"]\n" + member.substr(routes));
  }
  static void wait_until(const HostProcess& host, const std::string& state) {
    const std::string ready = state == "taking_over" ? "false" : "true";
    const std::string part = "\"outbox:main\":{\"ready\":" + ready + ",\"state\":\"" + state + "\"";
    std::string parts;
    eventually(
        [&] {
          parts = host.get("/readyz").body;
          return parts.find(part) != std::string::npos;
        },
        60s, [&] { return part + " in " + parts; });
  }
  void insert_events() {
    database_.execute("INSERT INTO gantry_outbox (route, topic, key, value) SELECT 'probe', '" +
                      topic + "', convert_to('key-' || n % " + std::to_string(kKeys) +
                      ", 'UTF8'), convert_to(n::text, 'UTF8') FROM generate_series(0, " +
                      std::to_string(kEvents - 1) + ") AS n");
  }
  void expect_every_event_in_order() {
    std::map<std::string, std::vector<int>> arrived;  // each the first time that it came
    std::set<int> known;
    int repeats = 0;
    for (const Record& record : kafka.consume_all(topic)) {
      const int number = std::stoi(*record.value);
      if (known.insert(number).second)
        arrived[*record.key].push_back(number);
      else
        ++repeats;
    }
    EXPECT_EQ(known.size(), std::size_t{kEvents});
    for (const auto& [key, numbers] : arrived) EXPECT_TRUE(std::ranges::is_sorted(numbers)) << key;
    RecordProperty("repeats", repeats);
    std::cout << repeats << " of " << kEvents << " came twice\n";
    EXPECT_LE(repeats, kOnTheirWay);
  }

  Database database_ = Postgres::shared().create_database();
  ConfigFiles second_;
};

TEST_F(RelayTakeover, of_one_that_was_killed_at_work_loses_nothing_and_keeps_the_order) {
  HostProcess first(files);
  wait_until(first, "running");
  HostProcess second(second_);
  wait_until(second, "standby");
  EXPECT_EQ(database_.value<std::string>("SELECT host FROM gantry_relay"), "first-" + run);

  insert_events();
  eventually([&] { return database_.count("gantry_outbox") < kEvents; }, 60s, "the first at work");
  first.kill9();
  const std::int64_t left = database_.count("gantry_outbox");
  EXPECT_GT(left, 0) << "nothing was left to take over";
  wait_until(second, "taking_over");  // what the first had sent may still arrive
  wait_until(second, "running");
  eventually([&] { return database_.count("gantry_outbox") == 0; }, 60s, "the rest to go out");

  EXPECT_EQ(database_.value<std::string>("SELECT host FROM gantry_relay"), "second-" + run);
  second.wait_for_log("relaying");
  expect_every_event_in_order();
  EXPECT_TRUE(dead_letters().empty());
}

}  // namespace
}  // namespace gantry::test
