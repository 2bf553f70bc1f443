#include "kafka/admin_client.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "kafka/client_conf.hpp"

namespace gantry::kafka {
namespace {

template <auto destroy>
struct Destroy {
  template <typename T>
  void operator()(T* object) const {
    destroy(object);
  }
};
using Event = std::unique_ptr<rd_kafka_event_t, Destroy<rd_kafka_event_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Destroy<rd_kafka_queue_destroy>>;
using Options = std::unique_ptr<rd_kafka_AdminOptions_t, Destroy<rd_kafka_AdminOptions_destroy>>;
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Destroy<rd_kafka_NewTopic_destroy>>;
using Resource =
    std::unique_ptr<rd_kafka_ConfigResource_t, Destroy<rd_kafka_ConfigResource_destroy>>;

Options options(rd_kafka_t* client, rd_kafka_admin_op_t operation, Admin::Timeout timeout) {
  Options result(rd_kafka_AdminOptions_new(client, operation));
  char error[256];
  const int wait = static_cast<int>(timeout.count());
  rd_kafka_AdminOptions_set_request_timeout(result.get(), wait, error, sizeof error);
  if (operation == RD_KAFKA_ADMIN_OP_CREATETOPICS) {
    rd_kafka_AdminOptions_set_operation_timeout(result.get(), wait, error, sizeof error);
  }
  return result;
}

template <typename T>
auto raw(const std::vector<T>& owners) {
  std::vector<typename T::pointer> pointers;
  for (const T& owner : owners) pointers.push_back(owner.get());
  return pointers;
}

bool no_answer(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR__TRANSPORT || error == RD_KAFKA_RESP_ERR__TIMED_OUT ||
         error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || error == RD_KAFKA_RESP_ERR__RESOLVE ||
         error == RD_KAFKA_RESP_ERR__WAIT_COORD || error == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT;
}

// librdkafka below 2.6.1 proves the wrong nonce to the broker, which Kafka 4 does not take for the
// password; a person would look for the fault in the credentials for long.
std::string scram_hint(const ClientConf& conf) {
  constexpr int kMended = 0x02060100;
  if (!conf.value("sasl.mechanism").starts_with("SCRAM") || rd_kafka_version() >= kMended)
    return {};
  return " By SCRAM no broker of Kafka 4 can be used with librdkafka " +
         std::string(rd_kafka_version_str()) + ": that needs 2.6.1, or another sasl.mechanism.";
}

}  // namespace

Admin::Client::Client(const config::Config& config) {
  config::Properties properties = config.kafka;
  properties.try_emplace("client.id", config.name + "-admin");
  ClientConf conf;
  conf.set(properties);
  hint_ = scram_hint(conf);
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_error_cb(conf.get(), on_error);
  const auto bootstrap = config.kafka.find("bootstrap.servers");
  if (bootstrap != config.kafka.end()) bootstrap_ = bootstrap->second;
  client_ = std::move(conf).make(RD_KAFKA_PRODUCER, "the Kafka admin client");
}

Admin::Client::~Client() { rd_kafka_destroy(client_); }

void Admin::Client::on_error(rd_kafka_t*, int error, const char* text, void* self) {
  auto& client = *static_cast<Client*>(self);
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) return;  // what came before says why
  client.last_error_ = static_cast<rd_kafka_resp_err_t>(error);
  client.last_text_ = text;
}

void Admin::Client::fail(const std::string& what, rd_kafka_resp_err_t error, std::string text) {
  while (rd_kafka_poll(client_, 0) > 0) {
  }
  AdminError::Kind kind =
      no_answer(error) ? AdminError::Kind::unreachable : AdminError::Kind::refused;
  if (text.empty()) text = rd_kafka_err2str(error);
  if (kind == AdminError::Kind::unreachable && !last_text_.empty()) {
    text = last_text_;
    if (last_error_ == RD_KAFKA_RESP_ERR__AUTHENTICATION || last_error_ == RD_KAFKA_RESP_ERR__SSL) {
      kind = AdminError::Kind::refused;
    }
  }
  const std::string brokers = "Kafka at " + bootstrap_ + ": ";
  last_text_.clear();
  last_error_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  if (kind == AdminError::Kind::unreachable) {
    throw AdminError(kind, brokers + what + " got no answer: " + text +
                               ". Start the brokers, or correct bootstrap.servers under [kafka].");
  }
  throw AdminError(kind, brokers + what + " was refused: " + text +
                             ". Correct the credentials under [kafka], or the user's rights." +
                             hint_);
}

std::map<std::string, Admin::Client::Shape> Admin::Client::all(Timeout timeout) {
  const rd_kafka_metadata_t* metadata = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(client_, 1, nullptr, &metadata, static_cast<int>(timeout.count()));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) fail("the list of topics", error, "");
  brokers_ = metadata->broker_cnt;
  std::map<std::string, Shape> shapes;
  for (int t = 0; t < metadata->topic_cnt; ++t) {
    const rd_kafka_metadata_topic_t& topic = metadata->topics[t];
    if (topic.partition_cnt == 0) continue;
    Shape shape{topic.partition_cnt, topic.partitions[0].replica_cnt, true};
    for (int p = 0; p < topic.partition_cnt; ++p) {
      shape.replicas = std::min(shape.replicas, topic.partitions[p].replica_cnt);
      shape.has_leaders = shape.has_leaders && topic.partitions[p].leader >= 0;
    }
    shapes.emplace(topic.topic, shape);
  }
  rd_kafka_metadata_destroy(metadata);
  return shapes;
}

rd_kafka_event_t* Admin::Client::wait(const std::string& what, rd_kafka_queue_t* queue,
                                      Timeout timeout) {
  // The request has this time-out, too: the event comes in any case, a little later at the most.
  Event event(rd_kafka_queue_poll(queue, static_cast<int>(timeout.count()) + 5000));
  if (!event) fail(what, RD_KAFKA_RESP_ERR__TIMED_OUT, "");
  if (const auto error = rd_kafka_event_error(event.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* text = rd_kafka_event_error_string(event.get());
    fail(what, error, text != nullptr ? text : "");
  }
  return event.release();
}

std::map<std::string, Admin::Client::Answer> Admin::Client::create(
    const std::vector<const config::Topic*>& topics, Timeout timeout) {
  std::map<std::string, Answer> answers;
  std::vector<NewTopic> requests;
  for (const config::Topic* topic : topics) {
    char error[256];
    NewTopic request(rd_kafka_NewTopic_new(topic->name.c_str(), topic->partitions, topic->replicas,
                                           error, sizeof error));
    if (!request) {
      answers[topic->name] = {RD_KAFKA_RESP_ERR__INVALID_ARG, error, {}};
      continue;
    }
    for (const auto& [name, value] : topic->config) {
      rd_kafka_NewTopic_set_config(request.get(), name.c_str(), value.c_str());
    }
    requests.push_back(std::move(request));
  }
  if (requests.empty()) return answers;
  const Queue queue(rd_kafka_queue_new(client_));
  const Options how = options(client_, RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout);
  auto pointers = raw(requests);
  rd_kafka_CreateTopics(client_, pointers.data(), pointers.size(), how.get(), queue.get());
  const Event event(wait("the creation of topics", queue.get(), timeout));
  std::size_t count = 0;
  const auto* const result = rd_kafka_event_CreateTopics_result(event.get());
  const auto* const each = rd_kafka_CreateTopics_result_topics(result, &count);
  for (std::size_t i = 0; i < count; ++i) {
    const char* text = rd_kafka_topic_result_error_string(each[i]);
    answers[rd_kafka_topic_result_name(each[i])] = {
        rd_kafka_topic_result_error(each[i]), text != nullptr ? text : "", {}};
  }
  return answers;
}

std::map<std::string, Admin::Client::Answer> Admin::Client::describe(
    const std::set<std::string>& topics, Timeout timeout) {
  std::map<std::string, Answer> answers;
  if (topics.empty()) return answers;
  std::vector<Resource> requests;
  for (const std::string& topic : topics) {
    requests.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  }
  const Queue queue(rd_kafka_queue_new(client_));
  const Options how = options(client_, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeout);
  auto pointers = raw(requests);
  rd_kafka_DescribeConfigs(client_, pointers.data(), pointers.size(), how.get(), queue.get());
  const Event event(wait("the configuration of topics", queue.get(), timeout));
  std::size_t count = 0;
  const auto* const result = rd_kafka_event_DescribeConfigs_result(event.get());
  const auto* const each = rd_kafka_DescribeConfigs_result_resources(result, &count);
  for (std::size_t i = 0; i < count; ++i) {
    Answer& answer = answers[rd_kafka_ConfigResource_name(each[i])];
    answer.error = rd_kafka_ConfigResource_error(each[i]);
    const char* text = rd_kafka_ConfigResource_error_string(each[i]);
    answer.text = text != nullptr ? text : "";
    std::size_t entries = 0;
    const auto* const entry = rd_kafka_ConfigResource_configs(each[i], &entries);
    for (std::size_t e = 0; e < entries; ++e) {
      const char* value = rd_kafka_ConfigEntry_value(entry[e]);
      if (value != nullptr) answer.config[rd_kafka_ConfigEntry_name(entry[e])] = value;
    }
  }
  return answers;
}

}  // namespace gantry::kafka
