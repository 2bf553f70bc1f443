// The part of the test client that takes rights away and gives them back.
#include <librdkafka/rdkafka.h>

#include <functional>

#include "support/kafka_client.hpp"
#include "support/kafka_handles.hpp"

namespace gantry::test {
namespace {

constexpr int kTimeoutMs = 60000;

struct BindingDeleter {
  void operator()(rd_kafka_AclBinding_t* p) const { rd_kafka_AclBinding_destroy(p); }
};
using Binding = std::unique_ptr<rd_kafka_AclBinding_t, BindingDeleter>;

void check(const Binding& binding, const char* error) {
  if (!binding) throw std::runtime_error(std::string("an ACL: ") + error);
}

void wait_for_answer(rd_kafka_queue_t* queue, const std::string& doing) {
  const Handle<rd_kafka_event_t> event(rd_kafka_queue_poll(queue, kTimeoutMs));
  if (!event) throw TimedOut(doing + ": no answer");
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error(doing + ": " + rd_kafka_event_error_string(event.get()));
}

void allow(rd_kafka_t* client, const std::string& topic, const char* user,
           rd_kafka_AclOperation_t operation) {
  char error[256] = {};
  const Binding binding(rd_kafka_AclBinding_new(
      RD_KAFKA_RESOURCE_TOPIC, topic.c_str(), RD_KAFKA_RESOURCE_PATTERN_LITERAL, user, "*",
      operation, RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, error, sizeof error));
  check(binding, error);
  rd_kafka_AclBinding_t* all[] = {binding.get()};
  const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_new(client));
  rd_kafka_CreateAcls(client, all, 1, nullptr, queue.get());
  wait_for_answer(queue.get(), "a right to topic " + topic);
}

}  // namespace

// With one right for somebody who does not exist, nobody else has any.
void KafkaClient::forbid(const std::string& topic) {
  allow(producer_, topic, "User:nobody", RD_KAFKA_ACL_OPERATION_READ);
}

void KafkaClient::show_only(const std::string& topic) {
  allow(producer_, topic, "User:gantry", RD_KAFKA_ACL_OPERATION_DESCRIBE);
  allow(producer_, topic, "User:gantry", RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS);
}

void KafkaClient::permit(const std::string& topic) {
  char error[256] = {};
  const Binding filter(rd_kafka_AclBindingFilter_new(
      RD_KAFKA_RESOURCE_TOPIC, topic.c_str(), RD_KAFKA_RESOURCE_PATTERN_LITERAL, nullptr, nullptr,
      RD_KAFKA_ACL_OPERATION_ANY, RD_KAFKA_ACL_PERMISSION_TYPE_ANY, error, sizeof error));
  check(filter, error);
  rd_kafka_AclBindingFilter_t* all[] = {filter.get()};
  const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_new(producer_));
  rd_kafka_DeleteAcls(producer_, all, 1, nullptr, queue.get());
  wait_for_answer(queue.get(), "permitting topic " + topic);
}

}  // namespace gantry::test
