// Dead letters and a configuration for them, as the tests of this folder make them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dlq/letter.hpp"

namespace gantry::dlq {

inline config::Route make_route(const std::string& name, const std::string& topic) {
  config::Route route;
  route.name = name;
  route.topics = {topic};
  route.group = "default-group-" + name;
  return route;
}

// order-saver and alert read trace-topic, coupon-issue reads coupon-topic, payment takes requests.
inline config::Config make_config() {
  config::Config config;
  config.routes = {make_route("order-saver", "trace-topic"), make_route("alert", "trace-topic"),
                   make_route("coupon-issue", "coupon-topic")};
  config::Route payment;
  payment.name = "payment";
  payment.http.emplace();
  config.routes.push_back(payment);
  return config;
}

using HeaderList = std::vector<route::OutHeader>;

inline HeaderList gantry_headers(const std::string& route, const std::string& replays = "0") {
  return {{"gantry.route", route},
          {"gantry.reason", "exhausted"},
          {"gantry.error", "no answer"},
          {"gantry.attempts", "4"},
          {"gantry.original-topic", "trace-topic"},
          {"gantry.original-partition", "2"},
          {"gantry.original-offset", "41"},
          {"gantry.original-timestamp", "1700000000123"},
          {"gantry.replays", replays}};
}

// As Spring Kafka writes it. An empty group: as it did before it wrote groups.
inline HeaderList spring_headers(const std::string& group, const std::string& topic) {
  HeaderList headers{{"kafka_dlt-original-topic", topic},
                     {"kafka_dlt-original-partition", std::string("\0\0\0\2", 4)},
                     {"kafka_dlt-original-offset", std::string("\0\0\0\0\0\0\0\x29", 8)},
                     {"kafka_dlt-original-timestamp", std::string("\0\0\0\0\0\0\1\0", 8)},
                     {"kafka_dlt-exception-fqcn", "org.springframework.ListenerFailed"},
                     {"kafka_dlt-exception-message", "no stock"}};
  if (!group.empty()) headers.push_back({"kafka_dlt-original-consumer-group", group});
  return headers;
}

inline kafka::StoredRecord stored(HeaderList headers, std::int64_t offset = 15,
                                  std::int64_t time_ms = 1'800'000'000'000) {
  kafka::StoredRecord stored;
  stored.offset = offset;
  stored.record = {.topic = "DLQ-topic",
                   .partition = 0,
                   .key = "order-7",
                   .value = "{}",
                   .headers = std::move(headers),
                   .timestamp_ms = time_ms};
  return stored;
}

inline Letter make_letter(HeaderList headers, std::int64_t offset = 15,
                          std::int64_t time_ms = 1'800'000'000'000) {
  return read_letter(stored(std::move(headers), offset, time_ms), make_config());
}

}  // namespace gantry::dlq
