#include "kafka/client_log.hpp"

#include <string>

#include "observe/log.hpp"

namespace gantry::kafka {
namespace {

// librdkafka's levels are syslog's.
log::Level host_level(int syslog_level) {
  if (syslog_level <= 3) return log::Level::error;
  if (syslog_level == 4) return log::Level::warning;
  if (syslog_level <= 6) return log::Level::info;
  return log::Level::debug;
}

void write_line(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  // The facility is part of the message, so that repeats of one kind are limited and not all of
  // librdkafka together.
  log::write(host_level(level), "kafka", std::string("librdkafka ") + facility,
             {{"client", client != nullptr ? rd_kafka_name(client) : ""}, {"text", text}});
}

}  // namespace

void log_through_host(rd_kafka_conf_t* conf) { rd_kafka_conf_set_log_cb(conf, write_line); }

}  // namespace gantry::kafka
