#include "kafka/client_conf.hpp"

#include <stdexcept>

#include "kafka/client_log.hpp"
#include "kafka/no_signals.hpp"

namespace gantry::kafka {

ClientConf::ClientConf() : conf_(rd_kafka_conf_new()) { log_through_host(conf_.get()); }

void ClientConf::set(const std::string& property, const std::string& value) {
  char error[512];
  const auto result =
      rd_kafka_conf_set(conf_.get(), property.c_str(), value.c_str(), error, sizeof error);
  if (result == RD_KAFKA_CONF_OK) return;
  if (result == RD_KAFKA_CONF_UNKNOWN) {
    throw std::runtime_error("Kafka property \"" + property + "\": librdkafka " +
                             rd_kafka_version_str() +
                             " has none of this name. Correct it under [kafka], or remove it.");
  }
  throw std::runtime_error("Kafka property \"" + property +
                           "\": its value is not valid. Correct it under [kafka]; `gantry check` "
                           "shows the file and line.");
}

void ClientConf::set(const config::Properties& properties) {
  for (const auto& [property, value] : properties) set(property, value);
}

bool ClientConf::knows(const char* property) const {
  std::size_t size = 0;
  return rd_kafka_conf_get(conf_.get(), property, nullptr, &size) == RD_KAFKA_CONF_OK;
}

std::string ClientConf::value(const char* property) const {
  std::size_t size = 0;  // with the final zero
  if (rd_kafka_conf_get(conf_.get(), property, nullptr, &size) != RD_KAFKA_CONF_OK || size == 0)
    return {};
  std::string value(size, '\0');
  rd_kafka_conf_get(conf_.get(), property, value.data(), &size);
  value.resize(size - 1);
  return value;
}

rd_kafka_t* ClientConf::make(rd_kafka_type_t type, const std::string& what) && {
  char error[512];
  const NoSignals no_signals;
  rd_kafka_t* const client = rd_kafka_new(type, conf_.get(), error, sizeof error);
  if (client == nullptr) {
    throw std::runtime_error(what + " can't be made: " + error +
                             ". Correct the properties under [kafka].");
  }
  static_cast<void>(conf_.release());  // the client's now
  return client;
}

}  // namespace gantry::kafka
