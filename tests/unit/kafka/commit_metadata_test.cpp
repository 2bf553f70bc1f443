// What goes into a commit's metadata and comes back with the next assignment, by the protocol: on
// librdkafka's mock cluster, which answers as a test tells it to.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "route/dispatch/settled_ranges.hpp"
#include "route/route.hpp"
#include "unit/kafka/mock_cluster.hpp"
#include "unit/kafka/published.hpp"

namespace gantry::kafka {
namespace {

using std::chrono::seconds;
using test::Committed;
using test::MockCluster;

constexpr std::int16_t kOffsetCommit = 8;  // ApiKeys of the Kafka protocol
constexpr int kRecords = 50;

bool eventually(const std::function<bool()>& predicate) {
  const auto end = std::chrono::steady_clock::now() + seconds{60};
  while (!predicate()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  return true;
}

// One process: a route that parks the first record for ever and handles the others.
class Process {
 public:
  explicit Process(const MockCluster& cluster) {
    config_.name = "host";
    config_.kafka = {{"bootstrap.servers", cluster.bootstrap()}};
    config_.consumer = {{"auto.offset.reset", "earliest"},
                        {"session.timeout.ms", "5000"},  // the mock knows no static members
                        {"heartbeat.interval.ms", "500"}};
    route::RouteParts parts;
    parts.config.name = "route";
    parts.config.group = "group";
    parts.config.topics = {"topic"};
    parts.config.retry.backoff = parts.config.retry.max_backoff = seconds{600};
    parts.release = release_fetched;
    parts.send_dead_letter = [](const route::DeadLetterJob&, route::RouteParts::Done) {};
    parts.report = [](bool, std::string_view, std::string_view) {};
    route_ = std::make_unique<route::Route>(std::move(parts));
    route_->add_lane(std::make_unique<Handler>(*this));
    route_->start();
    consumer_ = std::make_unique<Consumer>(config_, *route_, Prefetch{}, [](std::string_view) {});
    consumer_->start();
  }
  ~Process() {
    consumer_->stop();
    EXPECT_TRUE(route_->stop(seconds{30}));
  }
  int handled() const { return handled_; }
  int parked() const { return parked_; }
  std::int64_t last() const { return last_; }  // offset

 private:
  class Handler final : public route::HandlerInstance {
   public:
    explicit Handler(Process& owner) : owner_(owner) {}
    void handle(std::span<const gantry_message* const> messages, gantry_outcome& rest) override {
      const bool first = messages[0]->offset == 0;
      if (first) rest.verdict = GANTRY_RETRY;
      ++(first ? owner_.parked_ : owner_.handled_);
      owner_.last_ = messages[0]->offset;
    }
    void cancel(gantry_slot) override {}
    void drain(std::chrono::milliseconds) override {}

   private:
    Process& owner_;
  };

  std::atomic<int> handled_{0};
  std::atomic<int> parked_{0};
  std::atomic<std::int64_t> last_{-1};
  config::Config config_;
  std::unique_ptr<route::Route> route_;
  std::unique_ptr<Consumer> consumer_;
};

class CommitMetadata : public testing::Test {
 protected:
  CommitMetadata() {
    cluster.create("topic", 1);
    produce(kRecords);
  }
  void produce(int count) {
    ProducerSettings settings;
    settings.properties["bootstrap.servers"] = cluster.bootstrap();
    Producer producer(std::move(settings));
    test::Published published;
    for (int i = 0; i < count; ++i) {
      route::OutRecord record;
      record.topic = "topic";
      record.key = std::nullopt;
      record.value = "value";
      published.publish(producer, std::move(record));
    }
    published.wait();
  }
  void wait_for_commit(const std::function<bool(const Committed&)>& good) {
    EXPECT_TRUE(eventually([&] { return good(cluster.committed("group", "topic")); }));
  }
  MockCluster cluster;
};

TEST_F(CommitMetadata, names_what_is_settled_above_the_offset_and_the_next_process_skips_it) {
  {
    Process process{cluster};
    const route::OffsetRanges all{{1, kRecords}};
    wait_for_commit([&](const Committed& committed) {
      return committed.offset == 0 &&
             route::decode_settled({"topic", 0, 0}, committed.metadata).ranges == all;
    });
    EXPECT_EQ(process.handled(), kRecords - 1);
  }
  produce(1);  // behind all that could come again
  Process next{cluster};
  EXPECT_TRUE(eventually([&] { return next.last() == kRecords; }));
  EXPECT_EQ(next.handled(), 1);
  EXPECT_EQ(next.parked(), 1);
}

TEST_F(CommitMetadata, is_left_out_where_the_brokers_take_none) {
  cluster.answer(kOffsetCommit, {RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE});
  Process process{cluster};
  wait_for_commit([](const Committed& c) { return c.offset == 0 && c.metadata.empty(); });
  EXPECT_TRUE(eventually([&] { return process.handled() == kRecords - 1; }));
}

}  // namespace
}  // namespace gantry::kafka
