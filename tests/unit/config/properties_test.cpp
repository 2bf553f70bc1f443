#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include "kafka/properties/check.hpp"
#include "kafka/properties/known.hpp"

namespace gantry::kafka {
namespace {

using testing::HasSubstr;

std::string refused(Client client, const std::string& name, const std::string& value) {
  const auto refusal = check_property(client, name, value);
  return refusal ? refusal->message + "\n" + refusal->remedy : "taken";
}

TEST(Properties, take_every_setting_of_the_design_document) {
  EXPECT_EQ(refused(Client::both, "bootstrap.servers", "localhost:9092,localhost:9094"), "taken");
  EXPECT_EQ(refused(Client::producer, "acks", "all"), "taken");
  EXPECT_EQ(refused(Client::producer, "enable.idempotence", "true"), "taken");
  EXPECT_EQ(refused(Client::producer, "retries", "3"), "taken");
  EXPECT_EQ(refused(Client::consumer, "auto.offset.reset", "earliest"), "taken");
  EXPECT_EQ(refused(Client::consumer, "enable.auto.commit", "false"), "taken");
  EXPECT_EQ(refused(Client::consumer, "fetch.min.bytes", "50000"), "taken");
  EXPECT_EQ(refused(Client::consumer, "fetch.max.bytes", "52428800"), "taken");
}

TEST(Properties, take_what_the_host_owns_when_it_is_the_hosts_value) {
  EXPECT_EQ(refused(Client::consumer, "enable.auto.offset.store", "false"), "taken");
  EXPECT_EQ(refused(Client::producer, "acks", "-1"), "taken");
  EXPECT_EQ(refused(Client::producer, "partitioner", "murmur2_random"), "taken");
}

TEST(Properties, refuse_another_value_of_what_the_host_owns_also_by_its_alias) {
  EXPECT_THAT(refused(Client::producer, "request.required.acks", "1"),
              HasSubstr("all in-sync replicas"));
  EXPECT_THAT(refused(Client::producer, "partitioner", "consistent"), HasSubstr("Java clients"));
}

TEST(Properties, refuse_cooperative_assignment_where_librdkafka_can_lose_it) {
  const std::string answer =
      refused(Client::consumer, "partition.assignment.strategy", "cooperative-sticky");
  if (rd_kafka_version() >= 0x020a0000) {
    EXPECT_EQ(answer, "taken");
  } else {
    EXPECT_THAT(answer, HasSubstr("could lose the assignment"));
  }
  EXPECT_EQ(refused(Client::consumer, "partition.assignment.strategy", "range,roundrobin"),
            "taken");
}

TEST(Properties, refuse_what_can_only_be_set_in_code) {
  EXPECT_THAT(refused(Client::both, "log_cb", "x"), testing::Not("taken"));
}

TEST(Properties, name_gantrys_own_setting_for_springs_in_both_spellings) {
  EXPECT_THAT(refused(Client::consumer, "max-poll-records", "1000"), HasSubstr("max_batch"));
  EXPECT_THAT(refused(Client::consumer, "max.poll.records", "1000"), HasSubstr("max_batch"));
  EXPECT_THAT(refused(Client::consumer, "concurrency", "3"), HasSubstr("concurrency = "));
  EXPECT_THAT(refused(Client::consumer, "fetch-min-size", "1"), HasSubstr("fetch.min.bytes"));
}

TEST(Properties, are_all_known_with_their_client_by_librdkafkas_own_table) {
  EXPECT_GT(known_properties().size(), 100u);
  EXPECT_TRUE(known_properties().at("client.id").producer);
  EXPECT_TRUE(known_properties().at("client.id").consumer);
  EXPECT_FALSE(known_properties().at("fetch.min.bytes").producer);
  EXPECT_FALSE(known_properties().at("linger.ms").consumer);
  EXPECT_EQ(canonical("acks"), "request.required.acks");
}

TEST(Properties, together_are_judged_as_librdkafka_does_for_a_client) {
  EXPECT_EQ(check_client(Client::producer, {{"linger.ms", "5"}}), std::nullopt);
  EXPECT_EQ(check_client(Client::consumer, {{"fetch.min.bytes", "5"}}), std::nullopt);
  const auto refusal = check_client(Client::producer, {{"max.in.flight", "10"}});
  ASSERT_TRUE(refusal.has_value());
  EXPECT_THAT(refusal->message, HasSubstr("max.in.flight"));
}

}  // namespace
}  // namespace gantry::kafka
