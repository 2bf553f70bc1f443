#include "partition_loop.hpp"

#include <unistd.h>

#include "tools/kafka_calls.hpp"

namespace gantry::bench {

void PartitionLoop::took(std::size_t count) {
  const auto more = static_cast<std::int64_t>(count);
  if (taken_.fetch_add(more) + more >= messages_ && last_ == 0) last_ = now_ns();
}

void PartitionLoop::take_from(rd_kafka_queue_t* queue) {
  const Take take = make_take_();
  std::vector<rd_kafka_event_t*> events;
  std::vector<const rd_kafka_message_t*> messages;
  while (last_ == 0) {
    events.clear();
    messages.clear();
    while (messages.size() < kMost) {
      rd_kafka_event_t* event = rd_kafka_queue_poll(queue, events.empty() ? 100 : 0);
      if (event == nullptr) break;
      events.push_back(event);
      while (const rd_kafka_message_t* message = rd_kafka_event_message_next(event))
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) messages.push_back(message);
    }
    if (!messages.empty()) {
      std::int64_t none = 0;
      if (first_ == 0) first_.compare_exchange_strong(none, now_ns());
      take(messages);
      took(messages.size());
    }
    for (rd_kafka_event_t* event : events) rd_kafka_event_destroy(event);
  }
}

void PartitionLoop::rebalance(rd_kafka_t* client, rd_kafka_resp_err_t what,
                              rd_kafka_topic_partition_list_t* partitions) {
  if (what != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    rd_kafka_assign(client, nullptr);
    return;
  }
  // Out of the main queue before the assignment, so that nothing slips through it.
  for (int i = 0; i < partitions->cnt; ++i) {
    rd_kafka_queue_t* queue = rd_kafka_queue_get_partition(client, partitions->elems[i].topic,
                                                           partitions->elems[i].partition);
    rd_kafka_queue_forward(queue, nullptr);
    threads_.emplace_back(&PartitionLoop::take_from, this, queue);
  }
  rd_kafka_assign(client, partitions);
}

void PartitionLoop::run(const std::string& bootstrap, const std::string& topic) {
  rd_kafka_conf_t* conf =
      make_conf(bootstrap, {{"group.id", topic + "-" + std::to_string(getpid())},
                            {"auto.offset.reset", "earliest"},
                            {"enable.auto.commit", "false"},
                            {"enable.auto.offset.store", "false"},
                            {"fetch.min.bytes", "50000"},
                            {"fetch.wait.max.ms", "100"},
                            {"queued.min.messages", "1000000"},
                            {"queued.max.messages.kbytes", "16384"},
                            {"fetch.message.max.bytes", "1048576"}});
  rd_kafka_conf_set_opaque(conf, this);
  rd_kafka_conf_set_rebalance_cb(conf, [](rd_kafka_t* client, rd_kafka_resp_err_t what,
                                          rd_kafka_topic_partition_list_t* list, void* opaque) {
    static_cast<PartitionLoop*>(opaque)->rebalance(client, what, list);
  });
  rd_kafka_t* client = make_client(RD_KAFKA_CONSUMER, conf);
  rd_kafka_poll_set_consumer(client);
  auto* topics = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(topics, topic.c_str(), RD_KAFKA_PARTITION_UA);
  rd_kafka_subscribe(client, topics);
  while (last_ == 0) {
    if (auto* message = rd_kafka_consumer_poll(client, 10)) rd_kafka_message_destroy(message);
  }
  std::printf("done %lld %lld %lld\n", static_cast<long long>(first_.load()),
              static_cast<long long>(last_.load()), static_cast<long long>(taken_.load()));
  std::fflush(stdout);
  for (;;) pause();
}

}  // namespace gantry::bench
