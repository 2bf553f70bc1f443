// bench_topics: what the benchmark's driver needs of Kafka.
//   create    BOOTSTRAP TOPIC PARTITIONS
//   fill      BOOTSTRAP TOPIC MESSAGES KEYS uniform|zipf order|coupon [POISON_EVERY]
//   committed BOOTSTRAP GROUP TOPIC PARTITIONS   prints the sum of the committed offsets
//   arrivals  BOOTSTRAP TOPIC PARTITIONS         prints "KEY MICROSECONDS" (int64 keys, system
//   clock)
//                                                of each new record as it comes, "ready" before
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "fill.hpp"
#include "kafka_calls.hpp"

namespace gantry::bench {
namespace {

int create(const std::string& bootstrap, const std::string& topic, int partitions) {
  rd_kafka_t* client = make_client(RD_KAFKA_PRODUCER, make_conf(bootstrap, {}));
  char error[512];
  rd_kafka_NewTopic_t* wanted =
      rd_kafka_NewTopic_new(topic.c_str(), partitions, 3, error, sizeof(error));
  if (wanted == nullptr) fail(error);
  rd_kafka_NewTopic_set_config(wanted, "min.insync.replicas", "2");
  rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
  rd_kafka_CreateTopics(client, &wanted, 1, nullptr, queue);
  rd_kafka_event_t* event = rd_kafka_queue_poll(queue, 30'000);
  if (event == nullptr) fail("the brokers do not answer");
  std::size_t count = 0;
  const auto** made =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
  for (std::size_t i = 0; i < count; ++i)
    if (rd_kafka_topic_result_error(made[i]) != RD_KAFKA_RESP_ERR_NO_ERROR)
      fail(rd_kafka_topic_result_error_string(made[i]));
  rd_kafka_event_destroy(event);
  rd_kafka_NewTopic_destroy(wanted);
  rd_kafka_queue_destroy(queue);
  rd_kafka_destroy(client);
  return 0;
}

rd_kafka_topic_partition_list_t* all_of(const std::string& topic, int partitions) {
  auto* list = rd_kafka_topic_partition_list_new(partitions);
  for (int i = 0; i < partitions; ++i) rd_kafka_topic_partition_list_add(list, topic.c_str(), i);
  return list;
}

int committed(const std::string& bootstrap, const std::string& group, const std::string& topic,
              int partitions) {
  rd_kafka_t* client = make_client(RD_KAFKA_CONSUMER, make_conf(bootstrap, {{"group.id", group}}));
  auto* list = all_of(topic, partitions);
  const auto error = rd_kafka_committed(client, list, 30'000);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) fail(rd_kafka_err2str(error));
  std::int64_t sum = 0;
  for (int i = 0; i < list->cnt; ++i) sum += std::max<std::int64_t>(list->elems[i].offset, 0);
  std::printf("%lld\n", static_cast<long long>(sum));
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_destroy(client);
  return 0;
}

std::int64_t int64_of(const rd_kafka_message_t& message) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < message.key_len; ++i)
    value = value << 8 | static_cast<const std::uint8_t*>(message.key)[i];
  return static_cast<std::int64_t>(value);
}

int arrivals(const std::string& bootstrap, const std::string& topic, int partitions) {
  rd_kafka_t* client =
      make_client(RD_KAFKA_CONSUMER, make_conf(bootstrap, {{"group.id", "bench-arrivals"},
                                                           {"enable.auto.commit", "false"},
                                                           {"enable.partition.eof", "true"}}));
  auto* list = all_of(topic, partitions);
  for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = RD_KAFKA_OFFSET_END;
  rd_kafka_assign(client, list);
  for (int at_end = 0;;) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(client, 1000);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF && ++at_end == partitions)
      std::puts("ready");
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      const auto now = std::chrono::system_clock::now().time_since_epoch();
      const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
      std::printf("%lld %lld\n", static_cast<long long>(int64_of(*message)),
                  static_cast<long long>(us));
    }
    std::fflush(stdout);
    rd_kafka_message_destroy(message);
  }
}

int run(const std::vector<std::string>& arguments) {
  const std::size_t count = arguments.size();
  const std::string command = count > 0 ? arguments[0] : "";
  if (command == "create" && count == 4)
    return create(arguments[1], arguments[2], std::stoi(arguments[3]));
  if (command == "committed" && count == 5)
    return committed(arguments[1], arguments[2], arguments[3], std::stoi(arguments[4]));
  if (command == "arrivals" && count == 4)
    return arrivals(arguments[1], arguments[2], std::stoi(arguments[3]));
  if (command == "fill" && count >= 7) {
    fill(arguments[1],
         {.topic = arguments[2],
          .messages = std::stoll(arguments[3]),
          .keys = std::stoll(arguments[4]),
          .zipf = arguments[5] == "zipf",
          .poison_every = count > 7 ? std::stoll(arguments[7]) : 0,
          .what = arguments[6] == "coupon" ? Filling::What::coupon : Filling::What::order});
    return 0;
  }
  fail("usage: see the head of tests/bench/tools/topics.cpp");
}

}  // namespace
}  // namespace gantry::bench

int main(int argc, char** argv) { return gantry::bench::run({argv + 1, argv + argc}); }
