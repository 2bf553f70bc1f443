#include "kafka/replays.hpp"

#include <utility>

#include "observe/log.hpp"
#include "route/message/replayed.hpp"
#include "route/route.hpp"

namespace gantry::kafka {

Replays::Replays(route::Route& route, ReplaysExpected expected)
    : route_(route),
      expected_(std::move(expected)),
      topic_(route::replay_topic(route.config().name)) {}

// A topic takes its settings from whoever names it first. What was replayed before this group has
// ever read the topic must not be skipped, whatever the route does with its own topics.
void Replays::hold_topic(rd_kafka_t* client) {
  rd_kafka_topic_conf_t* conf = rd_kafka_topic_conf_new();
  char error[256];
  rd_kafka_topic_conf_set(conf, "auto.offset.reset", "earliest", error, sizeof error);
  held_ = rd_kafka_topic_new(client, topic_.c_str(), conf);
}

void Replays::let_topic_go() {
  if (held_ != nullptr) rd_kafka_topic_destroy(std::exchange(held_, nullptr));
}

void Replays::assigned(rd_kafka_t* client, const rd_kafka_topic_partition_list_t& partitions) {
  client_ = client;
  partitions_.reset(rd_kafka_topic_partition_list_new(1));
  for (int i = 0; i < partitions.cnt; ++i) {
    const rd_kafka_topic_partition_t& one = partitions.elems[i];
    if (one.topic != topic_) continue;
    rd_kafka_topic_partition_list_add(partitions_.get(), one.topic, one.partition);
  }
  if (partitions_->cnt == 0) return partitions_.reset();
  read(expected());  // either way: the client remembers what an earlier assignment was left with
}

void Replays::look() {
  if (partitions_ != nullptr && expected() != reads_) read(!reads_);
}

void Replays::read(bool wanted) {
  reads_ = wanted;
  log::debug("kafka",
             wanted ? "replays are read" : "no replays are there: their topic is let alone",
             {{"route", route_.config().name}});
  // A pause drops what was fetched and not taken, and the rest comes from behind the last record
  // that was: none may be on its way from the client to the route meanwhile.
  route_.while_none_pulls([&] {
    (wanted ? rd_kafka_resume_partitions : rd_kafka_pause_partitions)(client_, partitions_.get());
  });
}

}  // namespace gantry::kafka
