// How an event looks as one line, as text or as JSON. Pure functions, any thread; log.cpp alone
// calls them.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "observe/log.hpp"

namespace gantry::observe {

struct Event {
  std::chrono::system_clock::time_point time;
  log::Level level;
  std::string_view component;
  std::string_view message;
  std::span<const log::Field> fields;
};

std::string_view level_name(log::Level level);  // "debug", "info", "warning", "error"

// RFC 3339 in UTC with milliseconds: "2026-11-23T12:00:00.123Z".
std::string rfc3339(std::chrono::system_clock::time_point time);

// "2026-11-23T12:00:00.123Z INFO  route  partition assigned  route=alert topic=trace-topic
// partition=3", no newline. A value with a space, a quote, "=" or nothing in it is quoted.
std::string text_line(const Event& event);

// {"time":…,"level":…,"component":…,"message":…,"route":…}. A field that is named like one of these
// four, or like an earlier field, gets the prefix "field.", since a name twice in an object is read
// differently by different readers.
std::string json_line(const Event& event);

}  // namespace gantry::observe
