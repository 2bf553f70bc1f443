// [[topic]]: what the brokers would refuse only when the topic is made.
#include <charconv>

#include "config/nearest.hpp"
#include "config/validations.hpp"

namespace gantry::config {
namespace {

// Kafka 4.1's. Newer brokers know more, so that only what looks like a slip of the pen in one of
// these is refused.
const std::vector<std::string> kTopicProperties{"cleanup.policy",
                                                "compression.gzip.level",
                                                "compression.lz4.level",
                                                "compression.type",
                                                "compression.zstd.level",
                                                "delete.retention.ms",
                                                "file.delete.delay.ms",
                                                "flush.messages",
                                                "flush.ms",
                                                "follower.replication.throttled.replicas",
                                                "index.interval.bytes",
                                                "leader.replication.throttled.replicas",
                                                "local.retention.bytes",
                                                "local.retention.ms",
                                                "max.compaction.lag.ms",
                                                "max.message.bytes",
                                                "message.downconversion.enable",
                                                "message.format.version",
                                                "message.timestamp.after.max.ms",
                                                "message.timestamp.before.max.ms",
                                                "message.timestamp.difference.max.ms",
                                                "message.timestamp.type",
                                                "min.cleanable.dirty.ratio",
                                                "min.compaction.lag.ms",
                                                "min.insync.replicas",
                                                "preallocate",
                                                "remote.log.copy.disable",
                                                "remote.log.delete.on.disable",
                                                "remote.storage.enable",
                                                "retention.bytes",
                                                "retention.ms",
                                                "segment.bytes",
                                                "segment.index.bytes",
                                                "segment.jitter.ms",
                                                "segment.ms",
                                                "unclean.leader.election.enable"};

void validate_config(const Config& config, const Topic& topic, const std::string& path,
                     Problems& problems) {
  for (const auto& [name, value] : topic.config) {
    const auto near = nearest(name, kTopicProperties, 2);
    if (near && *near != name) {
      problems.push_back({origin_of(config, joined(path + ".config", name), topic.origin),
                          "is not a property of a topic", "did you mean \"" + *near + "\"?"});
    }
  }
  const auto in_sync = topic.config.find("min.insync.replicas");
  if (in_sync == topic.config.end()) return;
  const Origin where =
      origin_of(config, joined(path + ".config", "min.insync.replicas"), topic.origin);
  const std::string& text = in_sync->second;
  int wanted = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), wanted);
  if (error != std::errc() || end != text.data() + text.size() || wanted < 1) {
    problems.push_back({where, "is not a number of replicas", "write an integer from 1 on"});
  } else if (wanted > topic.replicas) {
    problems.push_back({where,
                        std::to_string(wanted) + " in-sync replicas are more than the topic's " +
                            std::to_string(topic.replicas) + ", so no record would be acknowledged",
                        "raise replicas or lower min.insync.replicas"});
  }
}

}  // namespace

void validate_topics(const Config& config, Problems& problems) {
  for (const auto& [name, topic] : config.topics) {
    const std::string& path = topic.origin.path;
    if (const std::string fault = name_fault(name); !fault.empty()) {
      problems.push_back({origin_of(config, path + ".name", topic.origin),
                          "\"" + name + "\" " + fault,
                          "use at most 249 letters, digits, \".\", \"_\" and \"-\""});
    }
    validate_config(config, topic, path, problems);
  }
}

}  // namespace gantry::config
