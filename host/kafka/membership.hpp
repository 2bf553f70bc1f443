// What consumer.hpp promises, over librdkafka. Owned by the Consumer.
#pragma once

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "config/model.hpp"
#include "kafka/commits.hpp"
#include "kafka/consumer.hpp"
#include "kafka/fetch_wake.hpp"
#include "kafka/gaps.hpp"
#include "kafka/replays.hpp"
#include "route/route.hpp"

namespace gantry::kafka {

class Consumer::Membership {
 public:
  using Report = Consumer::Report;

  Membership(const config::Config& config, route::Route& route, Prefetch prefetch, Report report,
             ReplaysExpected replays_expected);
  ~Membership();
  Membership(const Membership&) = delete;
  Membership& operator=(const Membership&) = delete;

  void start();
  void stop(Leave leave);
  void abandon();

 private:
  void open();
  void leave();
  void close();
  void retire();
  void run();
  void poll();
  void failed(const rd_kafka_message_t& message);
  void rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* partitions);
  void assign(rd_kafka_topic_partition_list_t* partitions);
  void revoke();
  void revoked(bool lost);
  void commit_moved();
  void confirm();
  void reopen();

  const config::Config& config_;
  route::Route& route_;
  const Prefetch prefetch_;
  const Report report_;
  Commits commits_;
  Gaps gaps_;
  Replays replays_;
  rd_kafka_t* client_ = nullptr;
  FetchWake fetch_wake_;                    // of this client; queues refer to it
  std::vector<std::future<void>> retired_;  // clients of which something may still be held
  std::thread control_;
  std::atomic<bool> ends_{false};
  std::atomic<Leave> leave_{Leave::no};
  bool assigned_ = false;
  bool fatal_ = false;  // the client is of no more use: fenced, above all
  route::Time next_commit_{};
};

}  // namespace gantry::kafka
