#include "kafka/producer_client.hpp"

#include <chrono>
#include <utility>

#include "kafka/headers.hpp"

namespace gantry::kafka {

ProducerClient::ProducerClient(ClientConf conf, ProducerEvents& events, const std::string& what)
    : events_(events) {
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_dr_msg_cb(conf.get(), on_delivery);
  rd_kafka_conf_set_error_cb(conf.get(), on_error);
  client_ = std::move(conf).make(RD_KAFKA_PRODUCER, what);
  polled_ = rd_kafka_queue_get_main(client_);
}

ProducerClient::~ProducerClient() {
  rd_kafka_queue_destroy(polled_);
  rd_kafka_destroy(client_);
}

rd_kafka_resp_err_t ProducerClient::send(std::unique_ptr<Sending>& sending) {
  const route::OutRecord& record = sending->record;
  Headers headers = write_headers(record.headers);
  const auto data = [](const std::optional<std::string>& text) {
    return text ? const_cast<char*>(text->data()) : nullptr;  // librdkafka only reads it
  };
  const auto size = [](const std::optional<std::string>& text) { return text ? text->size() : 0; };
  ++outstanding_;
  const rd_kafka_resp_err_t error = rd_kafka_producev(
      client_, RD_KAFKA_V_TOPIC(record.topic.c_str()),
      RD_KAFKA_V_PARTITION(record.partition >= 0 ? record.partition : RD_KAFKA_PARTITION_UA),
      RD_KAFKA_V_KEY(data(record.key), size(record.key)),
      RD_KAFKA_V_VALUE(data(record.value), size(record.value)),
      RD_KAFKA_V_TIMESTAMP(record.timestamp_ms), RD_KAFKA_V_HEADERS(headers.get()),
      RD_KAFKA_V_OPAQUE(sending.get()), RD_KAFKA_V_END);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    --outstanding_;
    return error;
  }
  static_cast<void>(headers.release());
  static_cast<void>(sending.release());
  return error;
}

void ProducerClient::poll(std::chrono::milliseconds timeout) {
  // librdkafka's threads see that they are to flush only while this call lasts: not 0. It ends when
  // nothing is on its way any more, and reports as rd_kafka_poll() does.
  if (flush_.exchange(false))
    rd_kafka_flush(client_, 1);
  else
    rd_kafka_poll(client_, static_cast<int>(timeout.count()));
}

void ProducerClient::flush() {
  flush_ = true;
  rd_kafka_queue_yield(polled_);
}

void ProducerClient::recall() { rd_kafka_purge(client_, RD_KAFKA_PURGE_F_QUEUE); }

void ProducerClient::drain(std::chrono::milliseconds for_the_wire) {
  const auto until = std::chrono::steady_clock::now() + for_the_wire;
  while (outstanding_ > 0) {
    const bool wait = std::chrono::steady_clock::now() < until;
    rd_kafka_purge(client_, wait ? RD_KAFKA_PURGE_F_QUEUE
                                 : RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_poll(client_, wait ? 10 : 100);
  }
}

std::optional<std::string> ProducerClient::fatal_error() const {
  char text[512];
  const rd_kafka_resp_err_t error = rd_kafka_fatal_error(client_, text, sizeof text);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  return std::string(rd_kafka_err2name(error)) + ": " + text;
}

void ProducerClient::on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
  auto& client = *static_cast<ProducerClient*>(self);
  std::unique_ptr<Sending> sending(static_cast<Sending*>(message->_private));
  // Codes of librdkafka itself are negative.
  client.events_.delivered(std::move(sending), message->err, message->err > 0);
  --client.outstanding_;
}

void ProducerClient::on_error(rd_kafka_t*, int error, const char* text, void* self) {
  static_cast<ProducerClient*>(self)->events_.failed(static_cast<rd_kafka_resp_err_t>(error), text);
}

}  // namespace gantry::kafka
