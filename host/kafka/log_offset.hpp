// Where a partition's log begins or ends, as its leader says.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <string>

namespace gantry::kafka {

// The values are Kafka's timestamps for it (ListOffsets).
enum class LogPlace : std::int64_t { end = -1, begin = -2 };

// Blocks for `timeout_ms` at most. Not rd_kafka_query_watermark_offsets(), which heeds its time-out
// only until it knows a leader: where that one has just died it waits until it is back.
rd_kafka_resp_err_t ask_offset(rd_kafka_t* client, const std::string& topic, std::int32_t partition,
                               LogPlace place, int timeout_ms, std::int64_t& offset);

}  // namespace gantry::kafka
