// The admin requests that Admin is made of, as blocking calls over librdkafka's event queue.
#pragma once

#include <librdkafka/rdkafka.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "kafka/admin.hpp"

namespace gantry::kafka {

class Admin::Client {
 public:
  // What brokers say to one topic of a request.
  struct Answer {
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    std::string text;
    config::Properties config;  // of describe()
  };
  struct Shape {
    int partitions = 0;
    int replicas = 0;
    bool has_leaders = false;
  };

  explicit Client(const config::Config& config);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // All topics that this user may see: to ask for one by name would make it where brokers make
  // topics by themselves.
  std::map<std::string, Shape> all(Timeout timeout);
  std::map<std::string, Answer> create(const std::vector<const config::Topic*>& topics,
                                       Timeout timeout);
  std::map<std::string, Answer> describe(const std::set<std::string>& topics, Timeout timeout);
  int brokers() const { return brokers_; }  // as of the last all()

 private:
  static void on_error(rd_kafka_t*, int error, const char* text, void* self);
  [[noreturn]] void fail(const std::string& what, rd_kafka_resp_err_t error, std::string text);
  rd_kafka_event_t* wait(const std::string& what, rd_kafka_queue_t* queue, Timeout timeout);

  std::string bootstrap_;
  std::string hint_;  // what else it may be when they refuse; empty: nothing
  rd_kafka_resp_err_t last_error_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string last_text_;
  int brokers_ = 0;
  rd_kafka_t* client_;
};

}  // namespace gantry::kafka
