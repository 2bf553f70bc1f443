// What a consumer group has committed, read and written with its metadata, and what became of
// records between the committed offset and the first one that came. Blocks for at most a few
// seconds; of the consumer's control thread.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "route/dispatch/dispatcher.hpp"
#include "route/partition_queue.hpp"

namespace gantry::kafka {

struct ListDeleter {
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
};
using List = std::unique_ptr<rd_kafka_topic_partition_list_t, ListDeleter>;

// Fills in the offset of each partition that is to be assigned, for rd_kafka_assign() to begin
// there: otherwise it would ask for them itself, and keep the metadata to itself. The text of the
// first error; then the offsets it concerns are left for rd_kafka_assign() to find out.
std::string read_committed(rd_kafka_t* client, rd_kafka_topic_partition_list_t& partitions);

route::Committed committed_of(const rd_kafka_topic_partition_t& partition);

// With what is settled above each offset in its metadata, as much as fits into `metadata_bytes`.
List to_commit(const std::vector<route::Offset>& offsets, std::size_t metadata_bytes);

// How many offsets were removed before they were read, by retention or somebody's hand; nullopt:
// the brokers do not say for now. Records that compaction took away, and offsets that transactions
// use up, are missing in the middle of a log and are no loss: only a log that begins above the
// committed offset has lost what nobody has read.
std::optional<std::int64_t> lost_offsets(rd_kafka_t* client, const route::Gap& gap);

}  // namespace gantry::kafka
