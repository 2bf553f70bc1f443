#include "kafka/rights.hpp"

#include <librdkafka/rdkafka.h>

#include <memory>
#include <optional>

#include "kafka/client_conf.hpp"
#include "kafka/committed_offsets.hpp"

namespace gantry::kafka {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int32_t kNoPartition = 1'000'000'000;
constexpr int kPollMs = 100;
constexpr std::int64_t kRoomForFrame = 65'536;  // of a request, around the record

struct ClientDeleter {
  void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
};
template <typename T>
using Owned = std::unique_ptr<T, ClientDeleter>;

// What clients say without being asked: why a coordinator or a broker can't be used.
void remember_errors(ClientConf& conf, std::string& text) {
  rd_kafka_conf_set_opaque(conf.get(), &text);
  rd_kafka_conf_set_error_cb(conf.get(), [](rd_kafka_t*, int error, const char* said, void* into) {
    if (error != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) *static_cast<std::string*>(into) = said;
  });
}

std::string no_answer(const std::string& said) {
  return said.empty() ? "the brokers do not answer in time" : said;
}

}  // namespace

std::string refusal_to_commit(const config::Config& config, const config::Route& route,
                              const std::string& topic, Timeout timeout) {
  std::string said;
  ClientConf conf;
  conf.set("client.id", config.name + "-check");
  conf.set(config.kafka);
  conf.set(config.consumer);
  conf.set(route.consumer);
  conf.set("group.id", route.group);
  conf.set("enable.auto.commit", "false");
  remember_errors(conf, said);
  const Owned<rd_kafka_t> client{std::move(conf).make(RD_KAFKA_CONSUMER, "the check's consumer")};
  const List list{rd_kafka_topic_partition_list_new(1)};
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), kNoPartition)->offset = 0;
  const Owned<rd_kafka_queue_t> queue{rd_kafka_queue_new(client.get())};
  const auto asked = rd_kafka_commit_queue(client.get(), list.get(), queue.get(), nullptr, nullptr);
  if (asked != RD_KAFKA_RESP_ERR_NO_ERROR) return rd_kafka_err2str(asked);

  const auto deadline = Clock::now() + timeout;
  while (Clock::now() < deadline) {
    rd_kafka_poll(client.get(), 0);
    const Owned<rd_kafka_event_t> event{rd_kafka_queue_poll(queue.get(), kPollMs)};
    if (event == nullptr || rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_OFFSET_COMMIT)
      continue;
    const auto* answers = rd_kafka_event_topic_partition_list(event.get());
    auto error = rd_kafka_event_error(event.get());
    if (answers != nullptr && answers->cnt == 1 && answers->elems[0].err != 0)
      error = answers->elems[0].err;
    return error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ? "" : rd_kafka_err2str(error);
  }
  return no_answer(said);
}

std::string refusal_to_write(const config::Config& config, const std::string& topic,
                             std::int64_t largest, Timeout timeout) {
  std::string said;
  ClientConf conf;
  conf.set("client.id", config.name + "-check");
  conf.set(config.kafka);
  conf.set("message.max.bytes", std::to_string(largest + kRoomForFrame));
  conf.set("message.timeout.ms", std::to_string(timeout.count()));
  conf.set("enable.idempotence", "false");
  conf.set("compression.type", "none");
  conf.set("retries", "0");
  remember_errors(conf, said);
  rd_kafka_conf_set_dr_msg_cb(
      conf.get(), [](rd_kafka_t*, const rd_kafka_message_t* message, void*) {
        *static_cast<std::optional<rd_kafka_resp_err_t>*>(message->_private) = message->err;
      });
  std::optional<rd_kafka_resp_err_t> answer;
  const Owned<rd_kafka_t> client{std::move(conf).make(RD_KAFKA_PRODUCER, "the check's producer")};
  const std::string value(static_cast<std::size_t>(largest) + 1, '\0');
  const auto sent =
      rd_kafka_producev(client.get(), RD_KAFKA_V_TOPIC(topic.c_str()),
                        RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
                        RD_KAFKA_V_OPAQUE(&answer), RD_KAFKA_V_END);
  if (sent != RD_KAFKA_RESP_ERR_NO_ERROR) return rd_kafka_err2str(sent);
  const auto deadline = Clock::now() + 2 * timeout;
  while (!answer && Clock::now() < deadline) rd_kafka_poll(client.get(), kPollMs);
  if (!answer) {  // its delivery report would write to what is gone
    rd_kafka_purge(client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(client.get(), kPollMs);
    return no_answer(said);
  }
  if (*answer == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) return {};
  if (*answer == RD_KAFKA_RESP_ERR_NO_ERROR)
    return "they took a record that is larger than max.message.bytes says";
  return *answer == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT ? no_answer(said) : rd_kafka_err2str(*answer);
}

}  // namespace gantry::kafka
