// A publisher whose brokers a test plays: it sees what was published and says what became of it.
// Any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "route/message/publisher.hpp"

namespace gantry::test {

class FakeBrokers {
 public:
  // Records are acknowledged at once, except those of topics that are…
  void hold(const std::string& topic) { set(held_, topic); }       // …not answered
  void refuse(const std::string& topic) { set(refused_, topic); }  // …refused for good
  void fail(const std::string& topic) { set(failing_, topic); }    // …refused for now
  void fail_once(const std::string& topic) { set(failing_once_, topic); }
  // …refused together with others of their batch, and not answered where they come alone
  void refuse_batches(const std::string& topic) { set(refused_batches_, topic); }
  void mend(const std::string& topic) {
    std::vector<Waiting> answered;
    {
      const std::lock_guard lock{mutex_};
      for (auto* topics : {&held_, &refused_, &failing_, &refused_batches_}) topics->erase(topic);
      for (auto at = waiting_.begin(); at != waiting_.end();) {
        if (at->record.topic != topic) {
          ++at;
          continue;
        }
        taken_.push_back(at->record);
        answered.push_back(std::move(*at));
        at = waiting_.erase(at);
      }
    }
    for (Waiting& one : answered) one.done({route::PublishStatus::acknowledged, {}});
  }

  std::vector<route::OutRecord> taken(const std::string& topic) const {
    const std::lock_guard lock{mutex_};
    std::vector<route::OutRecord> found;
    for (const route::OutRecord& record : taken_)
      if (record.topic == topic) found.push_back(record);
    return found;
  }
  std::vector<std::string> values(const std::string& topic) const {
    std::vector<std::string> values;
    for (const route::OutRecord& record : taken(topic)) values.push_back(record.value.value_or(""));
    return values;
  }
  std::size_t bytes_waiting() const {
    const std::lock_guard lock{mutex_};
    std::size_t bytes = 0;
    for (const Waiting& one : waiting_) bytes += one.record.value ? one.record.value->size() : 0;
    return bytes;
  }
  std::size_t waiting() const {
    const std::lock_guard lock{mutex_};
    return waiting_.size();
  }
  int recalls() const {
    const std::lock_guard lock{mutex_};
    return recalls_;
  }

  std::unique_ptr<route::Publisher> publisher() { return std::make_unique<Publisher>(*this); }

 private:
  using Done = std::function<void(const route::PublishResult&)>;
  struct Waiting {
    route::OutRecord record;
    Done done;
  };
  struct Publisher : route::Publisher {
    explicit Publisher(FakeBrokers& b) : brokers(b) {}
    ~Publisher() override { brokers.recall(); }
    void publish(route::OutRecord record, Done done) override {
      brokers.publish(std::move(record), std::move(done));
    }
    void recall() override { brokers.recall(); }
    FakeBrokers& brokers;
  };

  void set(std::set<std::string>& topics, const std::string& topic) {
    const std::lock_guard lock{mutex_};
    topics.insert(topic);
  }
  void publish(route::OutRecord record, Done done) {
    route::PublishResult result{route::PublishStatus::acknowledged, {}};
    {
      const std::lock_guard lock{mutex_};
      const bool batches = refused_batches_.contains(record.topic);
      if (held_.contains(record.topic) || (batches && record.alone)) {
        waiting_.push_back({std::move(record), std::move(done)});
        return;
      }
      if (refused_.contains(record.topic))
        result = {route::PublishStatus::refused, "MSG_SIZE_TOO_LARGE: too large"};
      else if (batches)
        result = {route::PublishStatus::failed, "INVALID_RECORD: one of them", true};
      else if (failing_.contains(record.topic) || failing_once_.erase(record.topic) != 0)
        result = {route::PublishStatus::failed, "NOT_ENOUGH_REPLICAS: too few"};
      else
        taken_.push_back(std::move(record));
    }
    done(result);
  }
  void recall() {
    std::vector<Waiting> recalled;
    {
      const std::lock_guard lock{mutex_};
      ++recalls_;
      recalled.swap(waiting_);
    }
    for (Waiting& one : recalled)
      one.done({route::PublishStatus::failed, "_PURGE_QUEUE: recalled"});
  }

  mutable std::mutex mutex_;
  std::set<std::string> held_, refused_, failing_, failing_once_, refused_batches_;
  std::vector<Waiting> waiting_;
  std::vector<route::OutRecord> taken_;
  int recalls_ = 0;
};

}  // namespace gantry::test
