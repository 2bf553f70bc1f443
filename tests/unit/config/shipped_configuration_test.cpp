// conf/ holds the settings of the design document; conf/README.md names these tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "config/load.hpp"

namespace gantry::config {
namespace {

using testing::ElementsAre;
using testing::Pair;

const Config& shipped() {
  static const Config config = [] {
    for (const char* name :
         {"STATE_DIRECTORY", "GANTRY_POSTGRES_DSN", "ALERTTALK_URL", "ALERTTALK_SENDER_KEY"}) {
      unsetenv(name);
    }
    return load(GANTRY_CONF "/gantry.toml");
  }();
  return config;
}

TEST(ShippedConfiguration, names_the_three_brokers) {
  EXPECT_EQ(shipped().kafka.at("bootstrap.servers"),
            "localhost:9092,localhost:9094,localhost:9096");
}

TEST(ShippedConfiguration, publishes_with_acks_of_all_replicas) {
  EXPECT_EQ(shipped().producer.at("acks"), "all");
}

TEST(ShippedConfiguration, publishes_idempotently) {
  EXPECT_EQ(shipped().producer.at("enable.idempotence"), "true");
}

TEST(ShippedConfiguration, lets_librdkafka_retry_three_times) {
  EXPECT_EQ(shipped().producer.at("retries"), "3");
}

TEST(ShippedConfiguration, keeps_two_replicas_in_sync) {
  for (const auto& [name, topic] : shipped().topics) {
    EXPECT_EQ(topic.config.at("min.insync.replicas"), "2") << name;
  }
}

TEST(ShippedConfiguration, reads_a_new_group_from_the_earliest_record) {
  EXPECT_EQ(shipped().consumer.at("auto.offset.reset"), "earliest");
}

TEST(ShippedConfiguration, never_commits_by_itself) {
  EXPECT_EQ(shipped().consumer.at("enable.auto.commit"), "false");
}

TEST(ShippedConfiguration, gives_each_listener_a_group_of_its_own) {
  std::set<std::string> groups;
  for (const Route& route : shipped().routes) {
    EXPECT_TRUE(route.group.starts_with("default-group")) << route.group;
    groups.insert(route.group);
  }
  EXPECT_EQ(groups.size(), shipped().routes.size());
}

TEST(ShippedConfiguration, fetches_at_least_50000_bytes) {
  EXPECT_EQ(shipped().consumer.at("fetch.min.bytes"), "50000");
}

TEST(ShippedConfiguration, fetches_at_most_52428800_bytes) {
  EXPECT_EQ(shipped().consumer.at("fetch.max.bytes"), "52428800");
}

TEST(ShippedConfiguration, hands_over_at_most_1000_messages) {
  for (const Route& route : shipped().routes) EXPECT_EQ(route.max_batch, 1000) << route.name;
}

TEST(ShippedConfiguration, listens_with_three_lanes_and_takes_what_waits_of_requests_in_one) {
  for (const Route& route : shipped().routes) {
    EXPECT_EQ(route.concurrency, route.http ? 1 : 3) << route.name;
  }
}

TEST(ShippedConfiguration, makes_three_topics_of_three_partitions_and_replicas) {
  std::vector<std::string> names;
  for (const auto& [name, topic] : shipped().topics) {
    names.push_back(name);
    EXPECT_EQ(topic.partitions, 3) << name;
    EXPECT_EQ(topic.replicas, 3) << name;
  }
  EXPECT_THAT(names, ElementsAre("DLQ-topic", "coupon-topic", "trace-topic"));
}

TEST(ShippedConfiguration, binds_two_listeners_to_the_trace_topic) {
  std::vector<std::string> handlers;
  for (const Route& route : shipped().routes) {
    if (route.topics == std::vector<std::string>{"trace-topic"}) handlers.push_back(route.handler);
  }
  EXPECT_THAT(handlers, ElementsAre("alert", "order-saver"));
}

TEST(ShippedConfiguration, takes_payments_and_coupon_requests_over_http) {
  std::map<std::string, std::string> paths;
  for (const Route& route : shipped().routes) {
    if (route.http) paths[route.handler] = route.http->method + " " + route.http->path;
  }
  EXPECT_THAT(paths, ElementsAre(Pair("coupon-request", "POST /coupons/{couponId}/requests"),
                                 Pair("payment", "POST /payments")));
}

TEST(ShippedConfiguration, publishes_each_event_with_a_long_key_and_its_java_type) {
  std::map<std::string, std::string> events;
  for (const Route& route : shipped().routes) {
    for (const auto& [name, output] : route.outputs) {
      EXPECT_EQ(output.key_format, KeyFormat::int64) << name;
      events[output.headers.at("__TypeId__")] = output.topic;
    }
  }
  EXPECT_THAT(events, ElementsAre(Pair("CouponIssueEvent", "coupon-topic"),
                                  Pair("OrderCreatedEvent", "trace-topic")));
}

TEST(ShippedConfiguration, creates_the_coupons_of_the_coupon_topic) {
  const auto route = std::ranges::find(shipped().routes, "coupon-issue", &Route::handler);
  ASSERT_NE(route, shipped().routes.end());
  EXPECT_THAT(route->topics, ElementsAre("coupon-topic"));
}

TEST(ShippedConfiguration, relays_the_outbox_of_its_database) {
  EXPECT_THAT(shipped().outbox_databases, ElementsAre("main"));
}

TEST(ShippedConfiguration, listens_on_loopback_alone) {
  EXPECT_EQ(shipped().http->listen.address, "127.0.0.1");
  EXPECT_EQ(shipped().admin.listen->address, "127.0.0.1");
}

TEST(ShippedConfiguration, retries_three_times_a_second_apart) {
  for (const Route& route : shipped().routes) {
    EXPECT_EQ(route.retry.max_attempts, 4) << route.name;
    EXPECT_EQ(route.retry.backoff, Milliseconds(1000)) << route.name;
    EXPECT_EQ(route.retry.multiplier, 1.0) << route.name;
    EXPECT_EQ(route.retry.jitter, 0.0) << route.name;
  }
}

TEST(ShippedConfiguration, sends_dead_letters_to_the_dlq_topic) {
  for (const Route& route : shipped().routes) {
    EXPECT_EQ(route.dead_letter.topic, "DLQ-topic") << route.name;
    EXPECT_THAT(route.dead_letter.headers, ElementsAre(HeaderFamily::gantry, HeaderFamily::spring))
        << route.name;
  }
}

TEST(ShippedConfiguration, keeps_dead_letters_for_thirty_days) {
  EXPECT_EQ(shipped().topics.at("DLQ-topic").config.at("retention.ms"),
            std::to_string(30LL * 24 * 60 * 60 * 1000));
}

TEST(ShippedConfiguration, takes_dead_letters_64_kib_larger_than_their_sources) {
  constexpr std::int64_t kBrokerDefault = 1048588;  // max.message.bytes of the source topics
  EXPECT_EQ(shipped().topics.at("DLQ-topic").config.at("max.message.bytes"),
            std::to_string(kBrokerDefault + 64 * 1024));
}

TEST(ShippedConfiguration, lets_the_producer_send_what_the_dlq_takes) {
  EXPECT_EQ(shipped().producer.at("message.max.bytes"),
            shipped().topics.at("DLQ-topic").config.at("max.message.bytes"));
}

TEST(ShippedConfiguration, has_no_connection_string_that_would_be_shown) {
  EXPECT_TRUE(shipped().hidden.contains("database.main.dsn"));
}

}  // namespace
}  // namespace gantry::config
