#include "kafka/partition_queue.hpp"

#include <algorithm>

#include "kafka/consumer.hpp"
#include "kafka/fetch_wake.hpp"
#include "kafka/headers.hpp"
#include "observe/log.hpp"
#include "route/route.hpp"

namespace gantry::kafka {
namespace {

constexpr std::uint32_t kSample = 64;

// Records that it can't read are passed by in the client: damaged ones, where check.crcs is on, and
// those of a format that it does not know.
bool passed_by(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR__BAD_MSG || error == RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED;
}

gantry_bytes bytes_of(const void* data, std::size_t size) {
  return {static_cast<const std::uint8_t*>(data), size};
}

route::TimestampType timestamp_type(rd_kafka_timestamp_type_t type) {
  switch (type) {
    case RD_KAFKA_TIMESTAMP_CREATE_TIME:
      return route::TimestampType::create_time;
    case RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME:
      return route::TimestampType::log_append_time;
    default:
      return route::TimestampType::none;
  }
}

void copy_view(const rd_kafka_message_t& from, const std::string& topic, route::Delivery& into) {
  rd_kafka_timestamp_type_t type{};
  gantry_message& message = into.message;
  message.struct_size = sizeof(gantry_message);
  message.topic = {topic.data(), topic.size()};
  message.partition = from.partition;
  message.offset = from.offset;
  message.timestamp_ms = rd_kafka_message_timestamp(&from, &type);
  into.timestamp_type = timestamp_type(type);
  message.key = bytes_of(from.key, from.key_len);
  message.value = bytes_of(from.payload, from.len);
  into.bytes = static_cast<std::uint32_t>(from.key_len + from.len);
}

void fill_headers(const void* record, std::vector<gantry_header>& into) {
  const auto& from = *static_cast<const rd_kafka_message_t*>(record);
  if (read_headers(&from, into) == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  log::warning("kafka", "a record's headers can't be read; it is delivered without them",
               {{"topic", rd_kafka_topic_name(from.rkt)},
                {"partition", from.partition},
                {"offset", from.offset}});
  into.clear();
}

}  // namespace

PartitionQueue::PartitionQueue(rd_kafka_t* client, std::string topic, std::int32_t number,
                               route::Committed committed, route::Route& route,
                               const FetchWake& fetch_wake)
    : topic_(std::move(topic)),
      number_(number),
      committed_(std::move(committed)),
      client_(client),
      fetch_wake_(fetch_wake),
      reads_headers_(route.traits().reads_headers),
      queue_(rd_kafka_queue_get_partition(client, topic_.c_str(), number)) {
  rd_kafka_queue_forward(queue_, nullptr);
  rd_kafka_queue_cb_event_enable(
      queue_, [](rd_kafka_t*, void* opaque) { static_cast<route::Route*>(opaque)->wake(); },
      &route);
}

PartitionQueue::~PartitionQueue() {
  rd_kafka_queue_cb_event_enable(queue_, nullptr, nullptr);
  rd_kafka_queue_destroy(queue_);
}

// Many with one call: in each librdkafka reads the clock twice, a tenth of all work on a small
// record where it is one a call. Beside seek, pause, resume and rebalances such a call may drop
// what it has taken (librdkafka's known issues, 2.0.0). Here pauses wait until none pulls
// (replays.cpp), and with a rebalance the assignment ends: its records come again from the
// committed offset on.
std::size_t PartitionQueue::take(std::span<route::Delivery* const> into) {
  if (!ended_.empty()) return 0;
  messages_.resize(into.size());
  std::size_t count = 0;
  bool more = true;
  while (more && count < into.size()) {
    const std::size_t asked = into.size() - count;
    const auto got = rd_kafka_consume_batch_queue(queue_, 0, messages_.data(), asked);
    const auto came = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    for (rd_kafka_message_t* message : std::span{messages_}.first(came))
      if (fill(message, *into[count])) ++count;
    more = came == asked;
  }
  return count;
}

bool PartitionQueue::fill(rd_kafka_message_t* message, route::Delivery& into) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) report(*message);
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR || !ended_.empty()) {
    rd_kafka_message_destroy(message);
    return false;
  }
  copy_view(*message, topic_, into);
  into.fetched = message;
  into.unread = {fill_headers, message};
  add_headers(into);
  count_taken(into.bytes);
  return true;
}

// A third of this thread's work on a small record is to have librdkafka look for headers, also
// where there are none. For a handler that does not look at them one record in some tells what
// memory those of the others take.
void PartitionQueue::add_headers(route::Delivery& delivery) {
  if (reads_headers_ || number_taken_++ % kSample == 0) {
    route::read_headers(delivery);
    header_bytes_ = static_cast<std::uint32_t>(route::size_of(delivery.headers));
  }
  delivery.bytes += header_bytes_;
}

void PartitionQueue::count_taken(std::size_t bytes) {
  taken_ += bytes;
  if (taken_ < fetch_wake_.every()) return;
  taken_ = 0;
  fetch_wake_.wake(client_);
}

void PartitionQueue::report(const rd_kafka_message_t& failed) {
  if (failed.err == RD_KAFKA_RESP_ERR__PARTITION_EOF || !ended_.empty()) return;
  if (passed_by(failed.err)) {
    ended_ = "topic \"" + topic_ + "\", partition " + std::to_string(number_) + ", offset " +
             std::to_string(failed.offset) + ": " + rd_kafka_message_errstr(&failed);
    return log::error("kafka",
                      "records can't be read, and nothing behind them is handled, since the "
                      "committed offset would pass them by: stop every host of the route, and "
                      "delete them or move the group's offset beyond them",
                      {{"reason", ended_}});
  }
  log::warning(
      "kafka", "a partition can't be fetched for now; the client tries again",
      {{"topic", topic_}, {"partition", number_}, {"error", rd_kafka_message_errstr(&failed)}});
}

void release_fetched(void* fetched) {
  rd_kafka_message_destroy(static_cast<rd_kafka_message_t*>(fetched));
}

}  // namespace gantry::kafka
