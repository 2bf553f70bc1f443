#include "kafka/properties/check.hpp"

#include <librdkafka/rdkafka.h>

#include <array>
#include <memory>
#include <vector>

#include "config/nearest.hpp"
#include "kafka/properties/known.hpp"
#include "kafka/properties/owned.hpp"

namespace gantry::kafka {
namespace {

struct ConfDeleter {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using Conf = std::unique_ptr<rd_kafka_conf_t, ConfDeleter>;

using Text = std::array<char, 512>;

std::optional<Refusal> unknown(const std::string& name) {
  if (auto refusal = check_foreign_name(name)) return refusal;
  std::vector<std::string> names;
  for (const auto& [known, property] : known_properties()) names.push_back(known);
  const auto near = config::nearest(name, names);
  return Refusal{
      std::string("librdkafka ") + rd_kafka_version_str() + " has no such property",
      near ? "did you mean \"" + *near + "\"?" : "librdkafka's CONFIGURATION.md lists the names"};
}

// A consumer's property given to a producer is ignored by librdkafka, with a warning at most.
std::optional<Refusal> check_table(Client client, const std::string& name) {
  const auto found = known_properties().find(name);
  if (found == known_properties().end()) return std::nullopt;
  const auto& [producer, consumer, alias] = found->second;
  if (!producer && client != Client::consumer) {
    return Refusal{"is a consumer's property", "write it under [kafka.consumer]"};
  }
  if (!consumer && client != Client::producer) {
    return Refusal{"is a producer's property", "write it under [kafka.producer]"};
  }
  return std::nullopt;
}

// Some of librdkafka's texts end in a line feed.
std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

void silent(const rd_kafka_t*, int, const char*, const char*) {}

}  // namespace

std::optional<Refusal> check_property(Client client, const std::string& name,
                                      const std::string& value) {
  const Conf conf(rd_kafka_conf_new());
  Text error{};
  const rd_kafka_conf_res_t result =
      rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), error.data(), error.size());
  if (result == RD_KAFKA_CONF_UNKNOWN) return unknown(name);
  if (auto refusal = check_host_owned(canonical(name), value)) return refusal;
  if (result != RD_KAFKA_CONF_OK) {
    return Refusal{one_line(error.data()),
                   "correct the value; librdkafka's CONFIGURATION.md describes it"};
  }
  return check_table(client, name);
}

std::optional<Refusal> check_client(Client client, const config::Properties& all) {
  Conf conf(rd_kafka_conf_new());
  Text error{};
  rd_kafka_conf_set_log_cb(conf.get(), silent);
  const bool producer = client == Client::producer;
  if (!producer) {  // the host's default, where librdkafka's is 45000
    rd_kafka_conf_set(conf.get(), "session.timeout.ms", "10000", error.data(), error.size());
  }
  for (const auto& [name, value] : all) {
    if (canonical(name) == "metadata.broker.list") continue;  // without brokers nothing is asked
    if (name == "plugin.library.paths") continue;
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), error.data(), error.size()) !=
        RD_KAFKA_CONF_OK) {
      return std::nullopt;  // told property by property
    }
  }
  const std::array<std::pair<const char*, const char*>, 2> own =
      producer ? std::array<std::pair<const char*, const char*>, 2>{{{"enable.idempotence", "true"},
                                                                     {"acks", "all"}}}
               : std::array<std::pair<const char*, const char*>, 2>{
                     {{"group.id", "check"}, {"enable.auto.commit", "false"}}};
  for (const auto& [name, value] : own) {
    rd_kafka_conf_set(conf.get(), name, value, error.data(), error.size());
  }
  rd_kafka_t* made = rd_kafka_new(producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER, conf.get(),
                                  error.data(), error.size());
  if (made == nullptr) {
    return Refusal{std::string("librdkafka refuses the ") + (producer ? "producer" : "consumer") +
                       ": " + one_line(error.data()),
                   "correct the properties that it names"};
  }
  static_cast<void>(conf.release());  // the client owns it now
  rd_kafka_destroy(made);
  return std::nullopt;
}

}  // namespace gantry::kafka
