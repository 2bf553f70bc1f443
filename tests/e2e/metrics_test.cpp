// /metrics of a running host: what happens is what it counts.
#include <gmock/gmock.h>

#include "end_to_end.hpp"
#include "metric_samples.hpp"

namespace gantry::test {
namespace {

class MetricsEndpoint : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
    write_probe_route("probe", "retry = { max_attempts = 2, backoff_ms = 1 }\n");
  }
  // Until the sample has that value.
  void wait_for(const HostProcess& host, const std::string& sample, double value) {
    std::string text;
    eventually(
        [&] {
          text = host.get("/metrics").body;
          return sample_of(text, sample) == value;
        },
        60s, [&] { return sample + " to be " + std::to_string(value) + " in\n" + text; });
  }
};

TEST_F(MetricsEndpoint, counts_what_handlers_say_and_what_follows) {
  HostProcess host(files);
  send("good", "ok", 0);
  send("bad", "reject", 0);
  send("worse", "fail", 1);
  send("twice", "fail:1", 2);
  wait_for(host, "gantry_settled_total{route=\"probe\"}", 4);
  kafka.wait_until_committed(group(), topic);
  const std::string text = host.get("/metrics").body;
  EXPECT_EQ(sample_of(text, "gantry_messages_total{route=\"probe\",verdict=\"ok\"}"), 2);
  EXPECT_EQ(sample_of(text, "gantry_messages_total{route=\"probe\",verdict=\"reject\"}"), 1);
  EXPECT_EQ(sample_of(text, "gantry_messages_total{route=\"probe\",verdict=\"retry\"}"), 3);
  EXPECT_EQ(sample_of(text, "gantry_retries_total{route=\"probe\"}"), 2);
  EXPECT_EQ(sample_of(text, "gantry_dead_letters_total{route=\"probe\",reason=\"rejected\"}"), 1);
  EXPECT_EQ(sample_of(text, "gantry_dead_letters_total{route=\"probe\",reason=\"exhausted\"}"), 1);
  EXPECT_EQ(sample_of(text, "gantry_handler_seconds_count{route=\"probe\"}"), 6);
  EXPECT_EQ(sample_of(text, "gantry_rebalances_total{route=\"probe\"}"), 1);
  EXPECT_EQ(sample_of(text, "gantry_in_flight{route=\"probe\"}"), 0);
  EXPECT_EQ(sample_of(text, "gantry_route_state{route=\"probe\",state=\"running\"}"), 1);
  EXPECT_EQ(sample_of(text, "gantry_part_ready{part=\"kafka\"}"), 1);
}

TEST_F(MetricsEndpoint, tells_the_lag_also_while_nothing_is_fetched) {
  HostProcess host(files);
  host.wait_until_ready();
  send("stuck", "wait-for:" + in_folder("go"), 0);
  probe_file().wait_for_key("stuck", "begin");
  std::vector<Record> more;
  for (int i = 0; i < 50; ++i) more.push_back({topic, 0, -1, 0, "stuck", "ok"});
  kafka.produce(more);
  const std::string lag = "gantry_consumer_lag{route=\"probe\",topic=\"" + topic + "\",partition=";
  wait_for(host, lag + "\"0\"}", 51);
  wait_for(host, lag + "\"1\"}", 0);
  EXPECT_EQ(sample_of(host.get("/metrics").body, "gantry_in_flight{route=\"probe\"}"), 1);
  touch("go");
  wait_for(host, lag + "\"0\"}", 0);
}

TEST_F(MetricsEndpoint, is_text_as_prometheus_reads_it) {
  HostProcess host(files);
  host.wait_until_ready();
  const std::string text = host.get("/metrics").body;
  EXPECT_EQ(exposition_problem(text), "");
  EXPECT_THAT(text, testing::HasSubstr("gantry_build_info{version="));
}

TEST_F(MetricsEndpoint, has_the_plugins_own_numbers_and_what_they_did_wrong) {
  HostProcess host(files);
  send("good", "ok", 0);
  send("bad", "settle-twice", 0);
  wait_for(host, "gantry_plugin_probe_calls_total{route=\"probe\"}", 2);
  wait_for(host, "gantry_misbehaviour_total{route=\"probe\",kind=\"settle_refused\"}", 1);
}

class OutboxMetrics : public MetricsEndpoint {
 protected:
  void SetUp() override {
    MetricsEndpoint::SetUp();
    write_main(database_table(database_) + "[outbox]\ndatabases = [\"main\"]\n");
    apply_migrations();
  }
  void insert(const std::string& where, const std::string& value, int count = 1) {
    database_.execute(
        "INSERT INTO gantry_outbox (route, topic, key, value, headers) SELECT 'gone', '" + where +
        "', 'k', convert_to(" + value + ", 'UTF8'), NULL FROM generate_series(1, " +
        std::to_string(count) + ")");
  }
  static std::string sample(const std::string& name) {
    return "gantry_outbox_" + name + "{database=\"main\"}";
  }

  Database database_ = Postgres::shared().create_database();
};

TEST_F(OutboxMetrics, tell_what_waits_and_for_how_long_until_it_is_published) {
  HostProcess host(files);
  wait_for(host, sample("rows"), 0);
  EXPECT_EQ(sample_of(host.get("/metrics").body, sample("oldest_seconds")), 0);
  // Nobody has made the topic yet.
  const std::string later = run + "-later";
  insert(later, "'v'", 3);
  wait_for(host, sample("rows"), 3);
  const auto age = sample_of(host.get("/metrics").body, sample("oldest_seconds"));
  ASSERT_TRUE(age.has_value());
  EXPECT_GT(*age, 0);
  eventually([&] { return sample_of(host.get("/metrics").body, sample("oldest_seconds")) > age; },
             60s, "the oldest row to become older");
  EXPECT_EQ(sample_of(host.get("/metrics").body, sample("held_rows")), 0) << "it can still go out";
  wait_for(host, "gantry_part_ready{part=\"outbox:main\"}", 0);

  kafka.create_topic(later);
  wait_for(host, sample("rows"), 0);
  EXPECT_EQ(sample_of(host.get("/metrics").body, sample("oldest_seconds")), 0);
  wait_for(host, "gantry_part_ready{part=\"outbox:main\"}", 1);
  EXPECT_EQ(kafka.consume_all(later).size(), 3u);
}

TEST_F(OutboxMetrics, tell_what_is_held_apart_from_what_waits) {
  HostProcess host(files);
  wait_for(host, sample("rows"), 0);
  // Of a route that nobody knows, so that it can't become a dead letter, and larger than topics
  // take.
  insert(topic, "repeat('x', 2000000)");
  wait_for(host, sample("held_rows"), 1);
  EXPECT_EQ(sample_of(host.get("/metrics").body, sample("rows")), 0);
  EXPECT_EQ(sample_of(host.get("/metrics").body, sample("oldest_seconds")), 0);
  database_.execute("DELETE FROM gantry_outbox WHERE held");
  wait_for(host, sample("held_rows"), 0);
}

}  // namespace
}  // namespace gantry::test
