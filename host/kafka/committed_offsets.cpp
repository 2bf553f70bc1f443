#include "kafka/committed_offsets.hpp"

#include <cstring>

#include "kafka/log_offset.hpp"
#include "route/dispatch/settled_ranges.hpp"

namespace gantry::kafka {
namespace {

constexpr int kAnswerWithinMs = 5000;
constexpr int kLogStartWithinMs = 2000;

}  // namespace

std::string read_committed(rd_kafka_t* client, rd_kafka_topic_partition_list_t& partitions) {
  const auto error = rd_kafka_committed(client, &partitions, kAnswerWithinMs);
  std::string text;
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) text = rd_kafka_err2str(error);
  for (int i = 0; i < partitions.cnt; ++i) {
    rd_kafka_topic_partition_t& one = partitions.elems[i];
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR && one.err == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    if (text.empty()) text = rd_kafka_err2str(one.err);
    one.offset = RD_KAFKA_OFFSET_INVALID;
    one.err = RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  return text;
}

route::Committed committed_of(const rd_kafka_topic_partition_t& partition) {
  if (partition.offset < 0) return {};
  const auto* metadata = static_cast<const char*>(partition.metadata);
  return {partition.offset,
          metadata == nullptr ? std::string{} : std::string{metadata, partition.metadata_size}};
}

List to_commit(const std::vector<route::Offset>& offsets, std::size_t metadata_bytes) {
  List list{rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size()))};
  for (const route::Offset& offset : offsets) {
    rd_kafka_topic_partition_t* one =
        rd_kafka_topic_partition_list_add(list.get(), offset.topic.c_str(), offset.partition);
    one->offset = offset.offset;
    const std::string metadata = route::encode_settled(
        {offset.topic, offset.partition, offset.offset}, offset.settled, metadata_bytes);
    if (metadata.empty()) continue;
    one->metadata = rd_kafka_mem_malloc(nullptr, metadata.size());  // the list frees it
    std::memcpy(one->metadata, metadata.data(), metadata.size());
    one->metadata_size = metadata.size();
  }
  return list;
}

std::optional<std::int64_t> lost_offsets(rd_kafka_t* client, const route::Gap& gap) {
  std::int64_t log_start = 0;
  const auto error =
      ask_offset(client, gap.topic, gap.partition, LogPlace::begin, kLogStartWithinMs, log_start);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  return log_start > gap.committed ? gap.first - gap.committed : 0;
}

}  // namespace gantry::kafka
