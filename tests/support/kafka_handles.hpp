// Owners for librdkafka's handles, and its errors as exceptions. Only for the sources of the test
// client.
#pragma once

#include <librdkafka/rdkafka.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>

namespace gantry::test {

struct HandleDeleter {
  void operator()(rd_kafka_t* p) const { rd_kafka_destroy(p); }
  void operator()(rd_kafka_message_t* p) const { rd_kafka_message_destroy(p); }
  void operator()(rd_kafka_topic_partition_list_t* p) const {
    rd_kafka_topic_partition_list_destroy(p);
  }
  void operator()(rd_kafka_queue_t* p) const { rd_kafka_queue_destroy(p); }
  void operator()(rd_kafka_event_t* p) const { rd_kafka_event_destroy(p); }
  void operator()(rd_kafka_topic_t* p) const { rd_kafka_topic_destroy(p); }
  void operator()(rd_kafka_NewTopic_t* p) const { rd_kafka_NewTopic_destroy(p); }
  void operator()(rd_kafka_DeleteTopic_t* p) const { rd_kafka_DeleteTopic_destroy(p); }
  void operator()(rd_kafka_ConfigResource_t* p) const { rd_kafka_ConfigResource_destroy(p); }
  void operator()(const rd_kafka_metadata_t* p) const { rd_kafka_metadata_destroy(p); }
};
template <typename T>
using Handle = std::unique_ptr<T, HandleDeleter>;
using ClientHandle = Handle<rd_kafka_t>;
using MessageHandle = Handle<rd_kafka_message_t>;
using PartitionList = Handle<rd_kafka_topic_partition_list_t>;
using MetadataHandle = std::unique_ptr<const rd_kafka_metadata_t, HandleDeleter>;

inline void check(rd_kafka_resp_err_t error, const std::string& doing) {
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw std::runtime_error(doing + ": " + rd_kafka_err2str(error));
}

rd_kafka_conf_t* client_settings(const std::string& bootstrap,
                                 const std::map<std::string, std::string>& properties);
ClientHandle new_client(rd_kafka_type_t type, rd_kafka_conf_t* settings);  // takes the settings
MetadataHandle metadata(rd_kafka_t* client, const std::string* topic, int timeout_ms);

}  // namespace gantry::test
