#include "kafka/properties/owned.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "kafka/properties/known.hpp"

namespace gantry::kafka {
namespace {

using config::Refusal;

struct Owned {
  std::string_view name;  // canonical
  std::string_view
      values;  // the host's own, with "|" between spellings; empty: may not be stated at all
  std::string_view reason;
  std::string_view remedy;
};

constexpr std::string_view kRemove = "remove it, or state the host's value";

constexpr std::array<Owned, 14> kOwned{{
    {"enable.auto.commit", "false",
     "the host commits an offset only when every message below it is settled", kRemove},
    {"auto.commit.enable", "false",
     "the host commits an offset only when every message below it is settled", kRemove},
    {"enable.auto.offset.store", "false",
     "the host decides which offsets may be committed, from what is settled", kRemove},
    {"group.id", "", "each route has a consumer group of its own",
     "write group = \"…\" under [defaults] or [[route]]"},
    {"group.instance.id", "",
     "the host makes it of its own name and the route's, unique in the "
     "group",
     "write name = \"…\" at the top of gantry.toml"},
    {"enable.idempotence", "true",
     "a retried record must be neither doubled nor overtaken: offsets move on after it is "
     "acknowledged",
     kRemove},
    {"request.required.acks", "all|-1",
     "an offset moves on when all in-sync replicas have what was made of its message", kRemove},
    {"partitioner", "murmur2_random", "keys must meet the partitions that Java clients give them",
     kRemove},
    {"transactional.id", "", "the host's producer does not use transactions", "remove it"},
    {"queued.max.messages.kbytes", "",
     "the host shares memory_mb out over the partitions that it reads", "set memory_mb instead"},
    {"enable.partition.eof", "false", "the host does not wait for the end of a partition", kRemove},
    {"group.protocol", "classic",
     "the host relies on eager assignment, where partitions are given up before they are assigned "
     "again",
     kRemove},
    {"builtin.features", "", "it only tells what librdkafka was built with", "remove it"},
    {"delivery.report.only.error", "false",
     "the host waits for the acknowledgement of every record", kRemove},
}};

// In librdkafka before 2.10 a commit during an incremental rebalance could lose the assignment.
constexpr int kCooperativeSafe = 0x020a0000;

bool among(std::string_view value, std::string_view values) {
  while (!values.empty()) {
    const std::size_t bar = values.find('|');
    if (values.substr(0, bar) == value) return true;
    if (bar == std::string_view::npos) break;
    values.remove_prefix(bar + 1);
  }
  return false;
}

struct Foreign {
  std::string_view name;
  std::string_view message;
  std::string_view remedy;
};

constexpr std::string_view kBytes = "handlers get and give a record's bytes; nothing to set";

constexpr std::array<Foreign, 25> kForeign{{
    {"max.poll.records", "is a property of the Java client",
     "write max_batch = … under [defaults] or [[route]]"},
    {"key.deserializer", "is a property of the Java client", kBytes},
    {"value.deserializer", "is a property of the Java client", kBytes},
    {"key.serializer", "is a property of the Java client",
     "write key_format = \"int64\" or \"text\" for the route's output"},
    {"value.serializer", "is a property of the Java client", kBytes},
    {"concurrency", "is a setting of Spring's listener",
     "write concurrency = … under [defaults] or [[route]]"},
    {"ack.mode", "is a setting of Spring's listener",
     "remove it: a message is acknowledged when its handler has settled it"},
    {"poll.timeout", "is a setting of Spring's listener", "remove it: the host polls all the time"},
    {"fetch.max.wait.ms", "is a property of the Java client", "write \"fetch.wait.max.ms\""},
    {"fetch.max.wait", "is a setting of Spring", "write \"fetch.wait.max.ms\""},
    {"fetch.min.size", "is a setting of Spring", "write \"fetch.min.bytes\""},
    {"heartbeat.interval", "is a setting of Spring", "write \"heartbeat.interval.ms\""},
    {"buffer.memory", "is a property of the Java client",
     "write \"queue.buffering.max.kbytes\" under [kafka.producer]"},
    {"max.block.ms", "is a property of the Java client",
     "remove it: the host never blocks on a full queue"},
    {"partitioner.class", "is a property of the Java client",
     "remove it: the host's partitioner is Java's, murmur2"},
    {"interceptor.classes", "is a property of the Java client", "remove it"},
    {"default.api.timeout.ms", "is a property of the Java client",
     "write \"socket.timeout.ms\" under [kafka]"},
    {"receive.buffer.bytes", "is a property of the Java client",
     "write \"socket.receive.buffer.bytes\" under [kafka]"},
    {"send.buffer.bytes", "is a property of the Java client",
     "write \"socket.send.buffer.bytes\" under [kafka]"},
    {"sasl.jaas.config", "is a property of the Java client",
     "write \"sasl.username\" and \"sasl.password\" under [kafka]"},
    {"ssl.truststore.location", "is a property of the Java client",
     "write \"ssl.ca.location\", a PEM file, under [kafka]"},
    {"ssl.truststore.password", "is a property of the Java client",
     "write \"ssl.ca.location\", a PEM file without password, under [kafka]"},
    {"ssl.truststore.type", "is a property of the Java client",
     "write \"ssl.ca.location\", a PEM file, under [kafka]"},
    {"spring.json.trusted.packages", "is a setting of Spring's deserializer", kBytes},
    {"metric.reporters", "is a property of the Java client", "remove it"},
}};

}  // namespace

std::optional<Refusal> check_host_owned(const std::string& name, const std::string& value) {
  if (name == "partition.assignment.strategy") {
    if (value.find("cooperative-sticky") == std::string::npos ||
        rd_kafka_version() >= kCooperativeSafe) {
      return std::nullopt;
    }
    return Refusal{std::string("cooperative-sticky is refused with librdkafka ") +
                       rd_kafka_version_str() +
                       ": before 2.10 a commit during an incremental rebalance could lose the "
                       "assignment",
                   "write \"range,roundrobin\", or remove it"};
  }
  const auto owned = std::find_if(kOwned.begin(), kOwned.end(),
                                  [&](const Owned& one) { return one.name == name; });
  if (owned == kOwned.end() || among(value, owned->values)) return std::nullopt;
  std::string message = "belongs to the host";
  if (!owned->values.empty()) {
    message += ", which sets " + std::string(owned->values.substr(0, owned->values.find('|')));
  }
  return Refusal{message + ": " + std::string(owned->reason), std::string(owned->remedy)};
}

std::optional<Refusal> check_foreign_name(const std::string& name) {
  std::string dotted = name;  // Spring Boot writes max-poll-records
  std::replace(dotted.begin(), dotted.end(), '-', '.');
  const auto foreign = std::find_if(kForeign.begin(), kForeign.end(),
                                    [&](const Foreign& one) { return one.name == dotted; });
  if (foreign != kForeign.end()) {
    return Refusal{std::string(foreign->message), std::string(foreign->remedy)};
  }
  if (dotted != name && known_properties().contains(dotted)) {
    return Refusal{"is Spring's spelling", "write \"" + dotted + "\""};
  }
  return std::nullopt;
}

}  // namespace gantry::kafka
