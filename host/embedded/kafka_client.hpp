// A client of the development brokers for what somebody who looks from outside asks: read a topic,
// write records, see how far a group is. Each call makes a client of its own and waits. Internal to
// embedded/.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "embedded/kafka.hpp"

namespace gantry::embedded {

class Client {
 public:
  Client(rd_kafka_type_t type, const config::Properties& properties);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  rd_kafka_t* get() const { return client_; }
  // What the brokers said to the last record that they did not take.
  rd_kafka_resp_err_t delivery_error() const { return delivery_error_; }

 private:
  static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* self);

  rd_kafka_resp_err_t delivery_error_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  rd_kafka_t* client_;
};

std::vector<Record> read_topic(const std::string& bootstrap, const std::string& topic,
                               int partitions);
void write_records(const std::string& bootstrap, const std::vector<Record>& records);
std::int64_t group_lag(const std::string& bootstrap, const std::string& group,
                       const std::string& topic, int partitions);

}  // namespace gantry::embedded
