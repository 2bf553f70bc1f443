// The ABI's tables of the extensions that the fake host offers: they lead to its Services. Any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <gantry/testing/services.hpp>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gantry::testing {
namespace tables {

inline std::int32_t publish(const gantry_host* host, gantry_slot slot,
                            const gantry_record* record) {
  Services& services = Services::of(host);
  const std::lock_guard lock(services.mutex);
  Published out;
  std::optional<std::string> key;
  const std::int32_t code = services.take(slot, *record, out, key);
  if (code == GANTRY_DONE) services.waiting.emplace(slot, std::move(out));
  return code;
}

// What resolve() gives out is valid until the next call on the same thread.
struct Resolved {
  Published record;
  std::optional<std::string> key;
  std::string topic;
  std::vector<gantry_header> headers;
};

inline std::int32_t resolve(const gantry_host* host, gantry_slot slot, const gantry_record* record,
                            gantry_str* topic, gantry_record* out) {
  static thread_local Resolved last;
  Services& services = Services::of(host);
  const std::lock_guard lock(services.mutex);
  const std::int32_t code = services.take(slot, *record, last.record, last.key);
  if (code != GANTRY_DONE) return code;
  last.topic = services.topics[last.record.output];
  last.headers.clear();
  for (const auto& [name, value] : last.record.headers) {
    last.headers.push_back(
        {detail::str(name), value ? detail::bytes(std::string_view(*value)) : gantry_bytes{}});
  }
  const auto bytes = [](const std::optional<std::string>& text) {
    return text ? detail::bytes(std::string_view(*text)) : gantry_bytes{nullptr, 0};
  };
  *topic = detail::str(last.topic);
  out->output = detail::str(last.record.output);
  out->key = bytes(last.key);
  out->value = bytes(last.record.value);
  out->headers = last.headers.data();
  out->header_count = last.headers.size();
  services.resolved.push_back(last.record);
  return code;
}

inline void wake(const gantry_host* host) {
  Services& services = Services::of(host);
  const std::lock_guard lock(services.mutex);
  ++services.wakes;
}

inline void route(const gantry_host*, gantry_str* out) { *out = detail::str("test-route"); }

inline std::int32_t respond(const gantry_host* host, gantry_slot slot, std::int32_t status,
                            gantry_str content_type, const gantry_header* headers,
                            std::size_t header_count, gantry_bytes body) {
  Services& services = Services::of(host);
  const std::lock_guard lock(services.mutex);
  if (services.live.count(slot) == 0) return GANTRY_UNKNOWN_SLOT;
  services.replies[slot] = {status, std::string(detail::view(content_type)),
                            std::string(detail::view(body)),
                            Services::copy_fields(headers, header_count)};
  return GANTRY_DONE;
}

inline void* counter(const gantry_host* host, const char* name, const char*) {
  return Services::of(host).instrument(name, 'c');
}
inline void* gauge(const gantry_host* host, const char* name, const char*) {
  return Services::of(host).instrument(name, 'g');
}
inline void* histogram(const gantry_host* host, const char* name, const char*, const double*,
                       std::size_t) {
  return Services::of(host).instrument(name, 'h');
}
inline void record(void* raw, double value) {
  if (raw == nullptr) return;
  auto& instrument = *static_cast<Instrument*>(raw);
  const std::lock_guard lock(*instrument.mutex);
  if (instrument.kind == 'h') instrument.seen.push_back(value);
  instrument.value = instrument.kind == 'c' ? instrument.value + value : value;
}

inline constexpr gantry_publish_v1 publish_v1{sizeof(gantry_publish_v1), &publish};
inline constexpr gantry_outbox_v1 outbox_v1{sizeof(gantry_outbox_v1), &resolve, &wake, &route};
inline constexpr gantry_http_v1 http_v1{sizeof(gantry_http_v1), &respond};
inline constexpr gantry_metrics_v1 metrics_v1{sizeof(gantry_metrics_v1), &counter, &gauge,
                                              &histogram, &record};

}  // namespace tables

inline const void* Services::find(std::string_view id) const {
  if (absent.count(std::string(id)) != 0) return nullptr;
  if (id == GANTRY_PUBLISH_V1) return &tables::publish_v1;
  if (id == GANTRY_OUTBOX_V1) return &tables::outbox_v1;
  if (id == GANTRY_HTTP_V1) return http_route ? &tables::http_v1 : nullptr;
  if (id == GANTRY_METRICS_V1) return &tables::metrics_v1;
  return nullptr;
}

}  // namespace gantry::testing
