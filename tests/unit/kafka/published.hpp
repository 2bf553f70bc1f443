// Publishes for a test and waits for what became of each record.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "kafka/producer.hpp"

namespace gantry::test {

class Published {
 public:
  void publish(kafka::Producer& producer, route::OutRecord record) {
    std::size_t index = 0;
    {
      const std::lock_guard lock(mutex_);
      index = sent_++;
    }
    producer.publish(std::move(record), [this, index](const route::PublishResult& result) {
      const std::lock_guard lock(mutex_);
      results_[index].push_back(result);
      changed_.notify_all();
    });
  }

  // In the order published, once each has one; a done that never runs ends in the test's time-out.
  std::vector<route::PublishResult> wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return results_.size() == sent_; });
    std::vector<route::PublishResult> all;
    for (const auto& [index, results] : results_) all.push_back(results.front());
    return all;
  }

  bool each_done_once() const {
    const std::lock_guard lock(mutex_);
    for (const auto& [index, results] : results_) {
      if (results.size() != 1) return false;
    }
    return results_.size() == sent_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t sent_ = 0;
  std::map<std::size_t, std::vector<route::PublishResult>> results_;
};

}  // namespace gantry::test
