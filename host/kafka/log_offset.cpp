#include "kafka/log_offset.hpp"

#include <memory>

namespace gantry::kafka {

rd_kafka_resp_err_t ask_offset(rd_kafka_t* client, const std::string& topic, std::int32_t partition,
                               LogPlace place, int timeout_ms, std::int64_t& offset) {
  const std::unique_ptr<rd_kafka_topic_partition_list_t,
                        decltype(&rd_kafka_topic_partition_list_destroy)>
      list{rd_kafka_topic_partition_list_new(1), rd_kafka_topic_partition_list_destroy};
  rd_kafka_topic_partition_t* one =
      rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  one->offset = static_cast<std::int64_t>(place);
  const auto error = rd_kafka_offsets_for_times(client, list.get(), timeout_ms);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return error;
  offset = one->offset;
  return one->err;
}

}  // namespace gantry::kafka
