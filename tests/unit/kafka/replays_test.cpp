// When a route reads its replay topic, on librdkafka's mock cluster of one broker.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "route/message/replayed.hpp"
#include "route/route.hpp"
#include "support/wait.hpp"
#include "unit/kafka/mock_cluster.hpp"
#include "unit/kafka/published.hpp"

namespace gantry::kafka {
namespace {

using test::eventually;
using test::MockCluster;
using namespace std::chrono_literals;

// Much less than what a fetch that waits for an empty partition takes.
constexpr auto kWithin = 30s;
constexpr const char* kFetchWaitMs = "58000";

class Replays : public testing::Test {
 protected:
  Replays() {
    cluster.create("topic", 1);
    cluster.create(replays, 1);
    config_.name = "host";
    config_.kafka = {{"bootstrap.servers", cluster.bootstrap()}};
    config_.consumer = {{"auto.offset.reset", "earliest"},
                        {"session.timeout.ms", "5000"},  // the mock knows no static members
                        {"heartbeat.interval.ms", "500"}};
  }
  ~Replays() override {
    if (consumer_ == nullptr) return;
    consumer_->stop();
    EXPECT_TRUE(route_->stop(30s));
  }

  void start(Prefetch prefetch = {}) {
    route::RouteParts parts;
    parts.config.name = "route";
    parts.config.group = "group";
    parts.config.topics = {"topic"};
    parts.release = release_fetched;
    parts.send_dead_letter = [](const route::DeadLetterJob&, route::RouteParts::Done) {};
    parts.report = [](bool, std::string_view, std::string_view) {};
    route_ = std::make_unique<route::Route>(std::move(parts));
    route_->add_lane(std::make_unique<Handler>(*this));
    route_->start();
    consumer_ = std::make_unique<Consumer>(
        config_, *route_, prefetch, [](std::string_view) {}, expected);
    consumer_->start();
  }

  void produce(const std::string& topic, int count, const std::string& value = "value") {
    ProducerSettings settings;
    settings.properties["bootstrap.servers"] = cluster.bootstrap();
    Producer producer(std::move(settings));
    test::Published published;
    for (int i = 0; i < count; ++i) {
      route::OutRecord record;
      record.topic = topic;
      record.key = std::nullopt;
      record.value = value;
      published.publish(producer, std::move(record));
    }
    published.wait();
  }

  std::vector<std::int64_t> handled(const std::string& topic) {
    const std::lock_guard lock{mutex_};
    return handled_[topic];
  }
  void wait_for(const std::string& topic, std::size_t count) {
    eventually([&] { return handled(topic).size() >= count; }, kWithin,
               [&] {
                 return std::to_string(count) + " records of " + topic + ", there are " +
                        std::to_string(handled(topic).size());
               });
  }

  void handle_one_and_commit() {
    const auto count = static_cast<std::int64_t>(handled("topic").size()) + 1;
    produce("topic", 1);
    eventually([&] { return cluster.committed("group", "topic").offset == count; }, kWithin,
               "a commit of " + std::to_string(count));
  }

  MockCluster cluster;
  const std::string replays = route::replay_topic("route");
  const std::shared_ptr<std::atomic<bool>> expected = std::make_shared<std::atomic<bool>>(false);
  std::chrono::milliseconds handling{0};
  config::Config config_;

 private:
  class Handler final : public route::HandlerInstance {
   public:
    explicit Handler(Replays& owner) : owner_(owner) {}
    void handle(std::span<const gantry_message* const> messages, gantry_outcome&) override {
      std::this_thread::sleep_for(owner_.handling);
      const std::lock_guard lock{owner_.mutex_};
      for (const gantry_message* one : messages)
        owner_.handled_[{one->topic.data, one->topic.size}].push_back(one->offset);
    }
    void cancel(gantry_slot) override {}
    void drain(std::chrono::milliseconds) override {}

   private:
    Replays& owner_;
  };

  std::mutex mutex_;
  std::map<std::string, std::vector<std::int64_t>> handled_;  // offsets, by topic
  std::unique_ptr<route::Route> route_;
  std::unique_ptr<Consumer> consumer_;
};

// The client may hold two of these records, so that between two fetches it wants none of them.
TEST_F(Replays, an_empty_topic_of_them_keeps_no_other_record_waiting) {
  constexpr int kRecords = 50;
  config_.consumer["fetch.wait.max.ms"] = kFetchWaitMs;
  handling = 5ms;
  produce("topic", kRecords, std::string(32 * 1024, 'x'));
  start({.queue_kbytes = 64, .fetch_bytes = 64 * 1024});
  wait_for("topic", kRecords);
}

TEST_F(Replays, are_handled_once_each_while_they_are_expected_and_wait_otherwise) {
  start();
  std::vector<std::int64_t> all;
  for (int round = 0; round < 3; ++round) {
    *expected = false;
    handle_one_and_commit();  // the consumer has looked since
    produce(replays, 2);
    handle_one_and_commit();
    EXPECT_EQ(handled(replays), all) << "read, and nobody has said that there are some";
    *expected = true;
    wait_for(replays, all.size() + 2);
    all.push_back(2 * round);
    all.push_back(2 * round + 1);
    EXPECT_EQ(handled(replays), all);
  }
}

}  // namespace
}  // namespace gantry::kafka
