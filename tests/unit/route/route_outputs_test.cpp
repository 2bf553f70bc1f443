// A route with its threads whose handlers publish, and a publisher with a thread of its own that
// fails now and then as the real one does: all that it has, and what comes before that is told.
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "unit/route/fake_route.hpp"

namespace gantry::route {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class FailingPublisher final : public Publisher {
 public:
  using Done = std::function<void(const PublishResult&)>;

  // Of a thousand records so many fail, with those behind them.
  explicit FailingPublisher(unsigned per_mille)
      : per_mille_(per_mille), thread_(&FailingPublisher::run, this) {}
  ~FailingPublisher() override {
    {
      const std::lock_guard lock{mutex_};
      ends_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  void publish(OutRecord record, Done done) override {
    {
      const std::lock_guard lock{mutex_};
      if (!failing_) {
        waiting_.emplace_back(std::move(record), std::move(done));
        changed_.notify_one();
        return;
      }
    }
    done({PublishStatus::failed, "being made anew", false, &record});
  }

  // What was written of each key, in order; what was written once more is left out.
  std::map<std::string, std::vector<int>> written() const {
    const std::lock_guard lock{mutex_};
    return written_;
  }
  int failures() const {
    const std::lock_guard lock{mutex_};
    return failures_;
  }
  void stop_failing() { per_mille_ = 0; }

 private:
  using Sending = std::pair<OutRecord, Done>;

  void run() {
    std::mt19937 random{7};
    std::unique_lock lock{mutex_};
    while (true) {
      changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      if (random() % 1000 < per_mille_) {
        fail(lock);
        continue;
      }
      Sending one = std::move(waiting_.front());
      waiting_.pop_front();
      write(one.first);
      lock.unlock();
      one.second({PublishStatus::acknowledged, ""});
      lock.lock();
    }
  }

  void fail(std::unique_lock<std::mutex>& lock) {
    failing_ = true;
    ++failures_;
    std::deque<Sending> failed;
    failed.swap(waiting_);
    lock.unlock();
    for (auto& [record, done] : failed) done({PublishStatus::failed, "no leader", false, &record});
    lock.lock();
    failing_ = false;
  }

  void write(const OutRecord& record) {
    auto& key = written_[*record.key];
    const int offset = std::stoi(*record.value);
    if (std::ranges::find(key, offset) == key.end()) key.push_back(offset);
  }

  std::atomic<unsigned> per_mille_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Sending> waiting_;
  std::map<std::string, std::vector<int>> written_;
  int failures_ = 0;
  bool failing_ = false;
  bool ends_ = false;
  std::thread thread_;
};

std::string key_of(const gantry_message& message) {
  return std::to_string(message.partition) + "/" +
         std::string(reinterpret_cast<const char*>(message.key.data), message.key.size);
}

class Outputs : public testing::TestWithParam<HandlerTraits> {
 protected:
  void start(config::Route config, std::size_t value_size = 8) {
    fake_ = std::make_unique<FakeRoute>(
        GetParam(), 4,
        [this, value_size](FakeRoute::Messages messages, gantry_outcome& rest) {
          for (const auto* message : messages) {
            const std::int32_t code = fake_->route->publish(
                message->slot, [&](std::span<const gantry_header>, OutRecord& record) {
                  record.topic = "out";
                  record.key = key_of(*message);
                  record.value = std::to_string(message->offset) + std::string(value_size, ' ');
                  return GANTRY_DONE;
                });
            if (code == GANTRY_FULL) rest.verdict = GANTRY_UNAVAILABLE;
          }
        },
        std::move(config), &publisher_);
    fake_->route->start();
    fake_->assign({0, 1, 2});
  }
  void produce(int each) {
    std::vector<std::string> keys;
    for (int i = 0; i < each; ++i) keys.push_back(std::to_string(i * i % 71));
    for (std::int32_t partition = 0; partition < 3; ++partition) fake_->produce(partition, keys);
  }
  void expect_all_written_in_order(int each) {
    int count = 0;
    for (const auto& [key, offsets] : publisher_.written()) {
      EXPECT_TRUE(std::ranges::is_sorted(offsets)) << key;
      count += static_cast<int>(offsets.size());
    }
    EXPECT_EQ(count, 3 * each);
  }
  void TearDown() override {
    fake_->route->revoked();
    EXPECT_TRUE(fake_->route->stop(seconds{30}));
    EXPECT_EQ(fetched_records().held(), 0u);
  }

  std::unique_ptr<FakeRoute> fake_;
  FailingPublisher publisher_{2};
};

TEST_P(Outputs, get_every_record_in_the_order_of_its_key_while_sends_fail) {
  start(make_route());
  produce(1000);
  eventually([&] { return publisher_.failures() >= 3 || fake_->all_committed(); });
  publisher_.stop_failing();
  EXPECT_TRUE(eventually([&] { return fake_->all_committed(); }));
  EXPECT_GE(publisher_.failures(), 1);
  expect_all_written_in_order(1000);
}

TEST_P(Outputs, get_every_record_through_little_memory) {
  publisher_.stop_failing();
  config::Route config = make_route();
  config.parked_max_bytes = 20'000;
  start(std::move(config), 1000);
  produce(1000);
  EXPECT_TRUE(eventually([&] { return fake_->all_committed(); }));
  expect_all_written_in_order(1000);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Outputs,
                         testing::Values(kOneByOne, HandlerTraits{.max_batch = 50}, kPending));

}  // namespace
}  // namespace gantry::route
