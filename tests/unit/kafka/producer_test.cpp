#include "kafka/producer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "route/message/outgoing.hpp"
#include "unit/kafka/mock_cluster.hpp"
#include "unit/kafka/published.hpp"

namespace gantry::kafka {
namespace {

using route::OutRecord;
using route::PublishStatus;
using std::chrono::milliseconds;
using test::MockCluster;
using test::Published;
using testing::HasSubstr;

ProducerSettings settings(const MockCluster& cluster) {
  ProducerSettings result;
  result.properties["bootstrap.servers"] = cluster.bootstrap();
  result.message_timeout = milliseconds(60'000);
  return result;
}

OutRecord record(const std::string& topic, std::string value) {
  OutRecord result;
  result.topic = topic;
  result.value = std::move(value);
  return result;
}

TEST(Producer, tells_of_an_acknowledged_record) {
  MockCluster cluster;
  Producer producer(settings(cluster));
  Published published;
  published.publish(producer, record("topic", "hello"));
  EXPECT_EQ(published.wait()[0].status, PublishStatus::acknowledged);
  EXPECT_EQ(published.wait()[0].error, "");
  EXPECT_EQ(cluster.read("topic", 4, 1)[0].value, "hello");
}

TEST(Producer, sends_key_value_headers_partition_and_timestamp_as_they_are) {
  MockCluster cluster;
  cluster.create("topic", 3);
  Producer producer(settings(cluster));
  Published published;
  OutRecord sent = record("topic", std::string("\0\xFF\n", 3));
  sent.partition = 2;
  sent.key = std::string("\0key", 4);
  sent.timestamp_ms = 1795435200123;
  sent.headers = {{"a", "1"}, {"none", std::nullopt}, {"empty", ""}, {"a", std::string("\0", 1)}};
  published.publish(producer, sent);
  ASSERT_EQ(published.wait()[0].status, PublishStatus::acknowledged);
  const auto read = cluster.read("topic", 3, 1)[0];
  EXPECT_EQ(read.partition, 2);
  EXPECT_EQ(read.timestamp_ms, 1795435200123);
  EXPECT_EQ(read.key, sent.key);
  EXPECT_EQ(read.value, sent.value);
  ASSERT_EQ(read.headers.size(), sent.headers.size());
  for (std::size_t i = 0; i < sent.headers.size(); ++i) {
    EXPECT_EQ(read.headers[i].first, sent.headers[i].name);
    EXPECT_EQ(read.headers[i].second, sent.headers[i].value);
  }
}

TEST(Producer, tells_null_from_empty) {
  MockCluster cluster;
  cluster.create("topic", 1);
  Producer producer(settings(cluster));
  Published published;
  OutRecord null;
  null.topic = "topic";
  OutRecord empty;
  empty.topic = "topic";
  empty.key = "";
  empty.value = "";
  published.publish(producer, null);
  published.publish(producer, empty);
  published.wait();
  const auto read = cluster.read("topic", 1, 2);
  EXPECT_EQ(read[0].key, std::nullopt);
  EXPECT_EQ(read[0].value, std::nullopt);
  EXPECT_EQ(read[1].key, "");
  EXPECT_EQ(read[1].value, "");
}

TEST(Producer, puts_keys_where_java_puts_them) {
  MockCluster cluster;
  cluster.create("topic", 12);
  Producer producer(settings(cluster));
  Published published;
  // toPositive(murmur2(key)) % 12, with the hashes that Apache Kafka's own UtilsTest states.
  const std::vector<std::pair<std::string, std::uint32_t>> keys = {
      {"21", static_cast<std::uint32_t>(-973932308)},
      {"foobar", static_cast<std::uint32_t>(-790332482)},
      {"a-little-bit-long-string", static_cast<std::uint32_t>(-985981536)},
      {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", static_cast<std::uint32_t>(-58897971)}};
  for (const auto& [key, hash] : keys) {
    OutRecord sent = record("topic", key);
    sent.key = key;
    published.publish(producer, sent);
  }
  published.wait();
  std::map<std::string, std::int32_t> found;
  for (const auto& read : cluster.read("topic", 12, keys.size())) {
    found[*read.key] = read.partition;
  }
  for (const auto& [key, hash] : keys) {
    EXPECT_EQ(found[key], static_cast<std::int32_t>((hash & 0x7fffffffu) % 12)) << key;
  }
}

class ForGood : public testing::TestWithParam<rd_kafka_resp_err_t> {};
TEST_P(ForGood, is_refused) {
  if (GetParam() == RD_KAFKA_RESP_ERR_INVALID_MSG && rd_kafka_version() >= 0x02080000) {
    GTEST_SKIP() << "librdkafka 2.8 sends what came broken again, as Kafka has it";
  }
  MockCluster cluster;
  cluster.create("topic", 1);
  Producer producer(settings(cluster));
  Published published;
  cluster.answer(test::produce_request, {GetParam(), GetParam()});
  published.publish(producer, record("topic", "bad"));
  EXPECT_EQ(published.wait()[0].status, PublishStatus::refused);
  EXPECT_THAT(published.wait()[0].error, HasSubstr(rd_kafka_err2name(GetParam())));
}
INSTANTIATE_TEST_SUITE_P(Producer, ForGood,
                         testing::Values(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
                                         RD_KAFKA_RESP_ERR_INVALID_MSG,
                                         RD_KAFKA_RESP_ERR_INVALID_RECORD));

class NotThisTime : public testing::TestWithParam<rd_kafka_resp_err_t> {};
TEST_P(NotThisTime, is_failed_and_may_be_published_again) {
  MockCluster cluster;
  cluster.create("topic", 1);
  ProducerSettings few_retries = settings(cluster);
  few_retries.properties["retries"] = "3";
  few_retries.properties["retry.backoff.ms"] = "1";
  Producer producer(few_retries);
  Published published;
  cluster.answer(test::produce_request, std::vector<rd_kafka_resp_err_t>(4, GetParam()));
  published.publish(producer, record("topic", "again"));
  ASSERT_EQ(published.wait()[0].status, PublishStatus::failed);
  do {  // what never works ends in the test's time-out
    published.publish(producer, record("topic", "again"));
  } while (published.wait().back().status != PublishStatus::acknowledged);
  EXPECT_EQ(cluster.read("topic", 1, 1)[0].value, "again");
}
INSTANTIATE_TEST_SUITE_P(Producer, NotThisTime,
                         testing::Values(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                                         RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
                                         RD_KAFKA_RESP_ERR_POLICY_VIOLATION));

TEST(Producer, refuses_a_record_that_the_client_itself_finds_too_large) {
  MockCluster cluster;
  ProducerSettings small = settings(cluster);
  small.properties["message.max.bytes"] = "1000";
  Producer producer(small);
  Published published;
  published.publish(producer, record("topic", std::string(2000, 'x')));
  EXPECT_EQ(published.wait()[0].status, PublishStatus::refused);
}

TEST(Producer, does_not_refuse_the_neighbours_of_a_bad_record) {
  MockCluster cluster;
  cluster.create("topic", 1);
  ProducerSettings together = settings(cluster);
  together.properties["linger.ms"] = "200";  // so that the records are one batch
  Producer producer(together);
  Published published;
  // The batch is refused, then of its three records, alone, the first.
  cluster.answer(test::produce_request,
                 {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});
  for (const char* value : {"bad", "good", "fine"}) {
    published.publish(producer, record("topic", value));
  }
  const auto results = published.wait();
  int refused = 0;
  for (const auto& result : results) refused += result.status == PublishStatus::refused;
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(cluster.read("topic", 1, 2).size(), 2u);
}

TEST(ProducerInOrder, gives_the_records_of_a_refused_batch_back_as_suspects) {
  MockCluster cluster;
  cluster.create("topic", 1);
  ProducerSettings together = settings(cluster);
  together.in_order = true;
  together.properties["linger.ms"] = "200";  // so that the records are one batch
  Producer producer(together);
  Published published;
  cluster.answer(test::produce_request, {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});
  for (const char* value : {"bad", "good", "fine"})
    published.publish(producer, record("topic", value));
  for (const auto& result : published.wait()) {
    EXPECT_EQ(result.status, PublishStatus::failed);
    EXPECT_TRUE(result.suspect);
    EXPECT_THAT(result.error, HasSubstr("MSG_SIZE_TOO_LARGE"));
  }
}

TEST(ProducerInOrder, tells_of_a_record_that_goes_alone_what_became_of_it) {
  MockCluster cluster;
  cluster.create("topic", 1);
  ProducerSettings ordered = settings(cluster);
  ordered.in_order = true;
  Producer producer(ordered);
  Published published;
  cluster.answer(test::produce_request,
                 {RD_KAFKA_RESP_ERR_INVALID_RECORD, RD_KAFKA_RESP_ERR_NO_ERROR});
  for (const char* value : {"bad", "good"}) {
    OutRecord alone = record("topic", value);
    alone.alone = true;
    published.publish(producer, alone);
    published.wait();
  }
  EXPECT_EQ(published.wait()[0].status, PublishStatus::refused);
  EXPECT_FALSE(published.wait()[0].suspect);
  EXPECT_EQ(published.wait()[1].status, PublishStatus::acknowledged);
}

TEST(ProducerInOrder, goes_on_after_a_refused_batch) {
  MockCluster cluster;
  cluster.create("topic", 1);
  ProducerSettings ordered = settings(cluster);
  ordered.in_order = true;
  Producer producer(ordered);
  Published published;
  cluster.answer(test::produce_request, {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});
  do {
    published.publish(producer, record("topic", "again"));
  } while (published.wait().back().status != PublishStatus::acknowledged);
  EXPECT_EQ(cluster.read("topic", 1, 1)[0].value, "again");
}

TEST(ProducerInOrder, retries_as_long_as_the_time_lasts_whatever_retries_says) {
  MockCluster cluster;
  cluster.create("topic", 1);
  ProducerSettings ordered = settings(cluster);
  ordered.in_order = true;
  ordered.properties["retries"] = "1";
  ordered.properties["retry.backoff.ms"] = "1";
  Producer producer(ordered);
  Published published;
  cluster.answer(test::produce_request,
                 std::vector<rd_kafka_resp_err_t>(10, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS));
  published.publish(producer, record("topic", "x"));
  EXPECT_EQ(published.wait()[0].status, PublishStatus::acknowledged);
}

TEST(Producer, gives_a_record_back_that_was_not_taken) {
  MockCluster cluster;
  ProducerSettings small = settings(cluster);
  small.properties["message.max.bytes"] = "1000";
  Producer producer(small);
  std::optional<OutRecord> back;
  OutRecord sent = record("topic", std::string(2000, 'x'));
  sent.key = "k";
  producer.publish(sent,
                   [&](const route::PublishResult& result) { back = std::move(*result.record); });
  ASSERT_TRUE(back);  // told within the call
  EXPECT_EQ(back->key, "k");
  EXPECT_EQ(back->value, std::string(2000, 'x'));
}

TEST(Producer, takes_a_record_up_to_the_size_that_it_tells) {
  MockCluster cluster;
  cluster.create("topic", 1);
  ProducerSettings small = settings(cluster);
  small.properties["message.max.bytes"] = "1000";
  EXPECT_EQ(most_record_bytes(small), 1000u);
  EXPECT_EQ(most_record_bytes(settings(cluster)), 1'000'000u);
  Producer producer(small);
  Published published;
  OutRecord sent = record("topic", "");
  sent.key = "key";
  sent.headers = {{"name", "value"}, {"null", std::nullopt}, {std::string(100, 'n'), ""}};
  sent.value = std::string(1000 - route::wire_size(sent), 'x');
  published.publish(producer, sent);
  sent.value->push_back('x');
  published.publish(producer, sent);
  EXPECT_EQ(published.wait()[0].status, PublishStatus::acknowledged);
  EXPECT_EQ(published.wait()[1].status, PublishStatus::refused);
}

TEST(Producer, fails_at_once_when_its_queue_is_full) {
  MockCluster cluster;
  cluster.all_down();
  ProducerSettings tiny = settings(cluster);
  tiny.properties["queue.buffering.max.messages"] = "1";
  Published queued;  // fails when the producer ends: it has to be there then
  Published overflow;
  Producer producer(tiny);
  queued.publish(producer, record("topic", "one"));
  overflow.publish(producer, record("topic", "two"));
  EXPECT_EQ(overflow.wait()[0].status, PublishStatus::failed);
  EXPECT_THAT(overflow.wait()[0].error, HasSubstr("_QUEUE_FULL"));
}

TEST(Producer, fails_a_record_when_its_time_is_over) {
  MockCluster cluster;
  cluster.all_down();
  ProducerSettings hasty = settings(cluster);
  hasty.message_timeout = milliseconds(100);
  Producer producer(hasty);
  Published published;
  published.publish(producer, record("topic", "late"));
  EXPECT_EQ(published.wait()[0].status, PublishStatus::failed);
  EXPECT_THAT(published.wait()[0].error, HasSubstr("_MSG_TIMED_OUT"));
}

TEST(Producer, fails_what_is_queued_or_in_flight_when_it_ends_each_once) {
  MockCluster cluster;
  cluster.create("topic", 1);
  cluster.answer_slowly(60'000);
  Published published;
  {
    Producer producer(settings(cluster));
    for (int i = 0; i < 1000; ++i) published.publish(producer, record("topic", "x"));
  }
  ASSERT_TRUE(published.each_done_once());
  for (const auto& result : published.wait()) ASSERT_EQ(result.status, PublishStatus::failed);
}

TEST(Producer, is_made_anew_after_a_fatal_error_and_fails_what_was_on_its_way_each_once) {
  MockCluster cluster;
  cluster.create("topic", 1);
  // Not allowed to be idempotent: a fatal error of the first client.
  cluster.answer(test::init_producer_id_request, {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED});
  Producer producer(settings(cluster));
  Published published;
  for (int i = 0; i < 100; ++i) published.publish(producer, record("topic", "lost"));
  for (const auto& result : published.wait()) ASSERT_EQ(result.status, PublishStatus::failed);
  EXPECT_TRUE(published.each_done_once());
  Published again;
  do {
    again.publish(producer, record("topic", "again"));
  } while (again.wait().back().status != PublishStatus::acknowledged);
  EXPECT_EQ(cluster.read("topic", 1, 1)[0].value, "again");
}

TEST(Producer, names_a_property_that_librdkafka_does_not_take) {
  ProducerSettings wrong;
  wrong.properties["linger.ms"] = "soon";
  EXPECT_THAT([&] { Producer producer(wrong); },
              testing::ThrowsMessage<std::runtime_error>(HasSubstr("\"linger.ms\"")));
  ProducerSettings contradictory;
  contradictory.properties["acks"] = "1";
  contradictory.name = "dead letters";
  EXPECT_THAT(
      [&] { Producer producer(contradictory); },
      testing::ThrowsMessage<std::runtime_error>(testing::AllOf(
          HasSubstr("the Kafka producer for dead letters can't be made"), HasSubstr("`acks`"))));
}

TEST(Producer, takes_the_properties_of_producers_over_those_of_all_clients) {
  config::Config config;
  config.name = "host-1";
  config.kafka = {{"bootstrap.servers", "b:1"}, {"linger.ms", "1"}};
  config.producer = {{"linger.ms", "2"}};
  const ProducerSettings made = producer_settings(config, "dlq", milliseconds(10'000));
  EXPECT_EQ(made.properties.at("bootstrap.servers"), "b:1");
  EXPECT_EQ(made.properties.at("linger.ms"), "2");
  EXPECT_EQ(made.properties.at("client.id"), "host-1-dlq");
}

}  // namespace
}  // namespace gantry::kafka
