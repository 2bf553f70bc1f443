// What the tools of the benchmark need of librdkafka, shared by them.
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <utility>

namespace gantry::bench {

using Settings = std::initializer_list<std::pair<const char*, std::string>>;

[[noreturn]] inline void fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

inline rd_kafka_conf_t* make_conf(const std::string& bootstrap, Settings settings) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char error[512];
  const auto set = [&](const char* name, const std::string& value) {
    if (rd_kafka_conf_set(conf, name, value.c_str(), error, sizeof(error)) != RD_KAFKA_CONF_OK)
      fail(error);
  };
  set("bootstrap.servers", bootstrap);
  for (const auto& [name, value] : settings) set(name, value);
  return conf;
}

// Takes the configuration.
inline rd_kafka_t* make_client(rd_kafka_type_t type, rd_kafka_conf_t* conf) {
  char error[512];
  rd_kafka_t* client = rd_kafka_new(type, conf, error, sizeof(error));
  if (client == nullptr) fail(error);
  return client;
}

// Nanoseconds of the monotonic clock, which all processes of the machine share.
inline std::int64_t now_ns() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

}  // namespace gantry::bench
