// What a running host says of its routes, fetched from its admin endpoint: what `status` and `top`
// show. The command's thread.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/model.hpp"

namespace gantry::cli {

struct RouteRates {
  double ok = 0, failed = 0, unavailable = 0;  // messages a second
};

struct RouteCounts {
  std::uint64_t ok = 0, failed = 0, unavailable = 0, dead_letters = 0;
};

struct RouteError {
  std::string time, verdict, reason, where;  // where: "trace-topic:0:15", or empty
  std::uint64_t times = 0;
};

struct RouteView {
  std::string name;
  bool ready = false;
  std::string state;  // "stalled" in the place of one that says nothing of it
  std::string reason;
  std::string since;                // RFC 3339
  std::optional<std::int64_t> lag;  // not of HTTP
  std::uint64_t in_flight = 0, ready_keys = 0, parked_keys = 0;
  RouteCounts counts;
  std::optional<RouteRates> rates;  // of about the last minute
  std::vector<RouteError> errors;   // newest first
};

struct HostView {
  std::string host;
  std::string time;  // RFC 3339, the host's own
  std::vector<RouteView> routes;
};

// Which host to ask: the one of a configuration, or an address.
struct HostAddress {
  std::filesystem::path config;
  std::string admin;
};
void add_host_options(CLI::App& command, HostAddress& address);

// "127.0.0.1:9464", "[::1]:9464". nullopt: something else.
std::optional<config::Listen> parse_address(std::string_view text);

// Both throw when nobody answers, or not as a host of this version does.
std::string fetch_routes(const HostAddress& address);  // JSON
HostView parse_routes(const std::string& json);

}  // namespace gantry::cli
