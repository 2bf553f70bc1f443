// The commits of one consumer. One is on its way at a time: librdkafka keeps those that wait for a
// new group coordinator and sends them in an order of its own, and the last that arrives is what
// counts, though it may be the oldest. Of the consumer's control thread.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <vector>

#include "kafka/committed_offsets.hpp"
#include "route/route.hpp"

namespace gantry::kafka {

class Commits {
 public:
  explicit Commits(route::Route& route) : route_(route) {}
  ~Commits() { close(); }
  Commits(const Commits&) = delete;
  Commits& operator=(const Commits&) = delete;

  // within: how long wait() waits.
  void open(rd_kafka_t* client, route::Milliseconds within);
  void close();  // before the client is destroyed; what is not answered by then never is

  // Takes answers, and commits what has moved since unless one is still waited for. Never blocks.
  void send_moved();
  // Blocks until none is on its way any more, or for so long. Before the route is asked what to
  // commit at last: where that one fails, all of it.
  void wait();
  // After wait(). Blocks until the brokers have taken it, or for so long. False: they have not, and
  // the route has been told.
  bool send_and_wait(const std::vector<route::Offset>& offsets);

 private:
  bool on_its_way() const { return waits_for_ != 0; }
  void send(const std::vector<route::Offset>& offsets);
  void take_answers(int timeout_ms);
  void answered(std::uint64_t id, rd_kafka_resp_err_t result,
                const rd_kafka_topic_partition_list_t* list);
  void give_up();
  void failed(rd_kafka_resp_err_t result, std::size_t longest_metadata);

  route::Route& route_;
  rd_kafka_t* client_ = nullptr;
  rd_kafka_queue_t* answers_ = nullptr;
  route::Milliseconds within_{};
  std::uint64_t last_id_ = 0;
  std::uint64_t waits_for_ = 0;  // its id; 0: none
  route::Time sent_{};
  bool taken_ = false;                                  // the last one that was answered
  bool too_large_ = false;                              // its metadata
  std::size_t metadata_bytes_ = route::kMetadataBytes;  // that a commit may take along
};

}  // namespace gantry::kafka
