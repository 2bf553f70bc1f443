// [http]: where requests come in, who may send them, and how much of them.
#include <algorithm>
#include <cctype>
#include <limits>

#include "config/readers.hpp"

namespace gantry::config {
namespace {

constexpr std::int64_t kMostBytes = std::int64_t{1} << 40;
constexpr std::int64_t kMostTime = 24 * 60 * 60 * 1000;

void read_size(Reader& http, std::string_view key, std::int64_t low, std::size_t& into,
               std::int64_t high = kMostBytes) {
  if (const auto value = http.integer(key, low, high)) into = static_cast<std::size_t>(*value);
}

void read_time(Reader& http, std::string_view key, Milliseconds& into) {
  if (const auto value = http.integer(key, 1, kMostTime)) into = Milliseconds{*value};
}

void read_limits(Reader& http, HttpLimits& limits) {
  read_size(http, "max_header_bytes", 1024, limits.header_bytes, 1024 * 1024);
  read_size(http, "max_body_bytes", 0, limits.body_bytes, std::numeric_limits<std::int32_t>::max());
  read_size(http, "max_connections", 1, limits.connections, 1'000'000);
  read_size(http, "max_waiting", 1, limits.waiting, 1'000'000);
  read_size(http, "max_waiting_bytes", 1024, limits.waiting_bytes);
  read_time(http, "header_timeout_ms", limits.header_timeout);
  read_time(http, "body_timeout_ms", limits.body_timeout);
  read_time(http, "idle_timeout_ms", limits.idle_timeout);
}

HttpAuth read_auth_table(Reader auth) {
  HttpAuth result;
  Reader tokens = auth.table("tokens");
  for (const std::string& name : tokens.keys()) {
    if (auto token = tokens.text(name)) result.tokens[name] = std::move(*token);
  }
  tokens.finish();
  if (auto header = auth.text("subject_header")) {
    std::ranges::transform(*header, header->begin(),
                           [](unsigned char c) { return std::tolower(c); });
    result.subject_header = std::move(*header);
  }
  if (auto field = auth.text("subject_field")) result.subject_field = std::move(*field);
  auth.finish();
  return result;
}

void read_auth(Reader& reader, Http& http) {
  if (reader.has_table("auth")) {
    http.auth = read_auth_table(reader.table("auth"));
  } else if (reader.has("auth")) {
    constexpr std::array<std::pair<const char*, bool>, 1> kWords{{{"none", true}}};
    http.open_to_all = reader.choice("auth", kWords).value_or(false);
  }
}

}  // namespace

void read_http_ingress(Reader& root, Config& config) {
  Reader reader = root.table("http");
  Http http;
  const auto listen = read_listen(reader, "listen");
  if (root.has("http") && !reader.has("listen")) {
    reader.required_text("listen", "write listen = \"127.0.0.1:8080\"");
  }
  read_limits(reader, http.limits);
  read_auth(reader, http);
  reader.finish();
  if (!listen) return;
  http.listen = *listen;
  config.http = std::move(http);
}

}  // namespace gantry::config
