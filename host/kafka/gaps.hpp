// Says what became of the records between a committed offset and the first one that came. Of the
// consumer's control thread.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <vector>

#include "route/route.hpp"

namespace gantry::kafka {

class Gaps {
 public:
  explicit Gaps(route::Route& route) : route_(route) {}

  // Again and again: one gap a call, since the brokers are asked about it and its thread has to
  // poll.
  void look(rd_kafka_t* client);
  void forget() { waiting_.clear(); }  // with the assignment

 private:
  route::Route& route_;
  std::vector<route::Gap> waiting_;  // not explained yet
  std::int64_t lost_offsets_ = 0;
};

}  // namespace gantry::kafka
