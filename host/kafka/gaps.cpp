#include "kafka/gaps.hpp"

#include "kafka/committed_offsets.hpp"
#include "observe/log.hpp"

namespace gantry::kafka {

void Gaps::look(rd_kafka_t* client) {
  for (route::Gap& gap : route_.take_gaps()) waiting_.push_back(std::move(gap));
  if (waiting_.empty()) return;
  const route::Gap& gap = waiting_.front();
  const bool went_back = gap.first < gap.committed;
  const auto lost = went_back ? 0 : lost_offsets(client, gap);
  if (!lost) return;  // asked again
  lost_offsets_ += *lost;
  route_.lost(*lost);
  if (went_back || *lost != 0)
    log::warning("kafka",
                 went_back ? "the committed offset was beyond the end of the partition, which was "
                             "truncated or made anew; it is read from auto.offset.reset on"
                           : "records were removed before this group has read them",
                 {{"route", route_.config().name},
                  {"topic", gap.topic},
                  {"partition", gap.partition},
                  {"committed", gap.committed},
                  {"first", gap.first},
                  {"lost_offsets", *lost},
                  {"lost_offsets_in_all", lost_offsets_}});
  waiting_.erase(waiting_.begin());
}

}  // namespace gantry::kafka
