#include "plugin/outbox_rows.hpp"

#include <vector>

#include "plugin/host_services.hpp"

namespace gantry::plugin {
namespace {

gantry_bytes bytes_of(const std::optional<std::string>& bytes) {
  if (!bytes) return {nullptr, 0};
  return {reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()};
}

std::int32_t resolve(const gantry_host* host, gantry_slot slot, const gantry_record* record,
                     gantry_str* topic, gantry_record* out) {
  HostServices& services = HostServices::of(host);
  if (record == nullptr || record->struct_size < sizeof(gantry_record) || topic == nullptr ||
      out == nullptr || out->struct_size < sizeof(gantry_record)) {
    services.misbehaviour().count("bad_record", "resolve() got no record, or a short one");
    return GANTRY_UNKNOWN_OUTPUT;
  }
  struct Resolved {  // what the caller reads until its next call on this thread
    route::OutRecord record;
    std::vector<gantry_header> headers;
  };
  thread_local Resolved resolved;
  const std::int32_t code = services.resolve(slot, *record, resolved.record);
  if (code != GANTRY_DONE) return code;
  resolved.headers.clear();
  for (const route::OutHeader& header : resolved.record.headers)
    resolved.headers.push_back({{header.name.data(), header.name.size()}, bytes_of(header.value)});
  *topic = {resolved.record.topic.data(), resolved.record.topic.size()};
  out->output = record->output;
  out->key = bytes_of(resolved.record.key);
  out->value = bytes_of(resolved.record.value);
  out->headers = resolved.headers.data();
  out->header_count = resolved.headers.size();
  return GANTRY_DONE;
}

void wake(const gantry_host* host) { HostServices::of(host).wake_outbox(); }

void route(const gantry_host* host, gantry_str* out) {
  const std::string& name = HostServices::of(host).route();
  if (out != nullptr) *out = {name.data(), name.size()};
}

constexpr gantry_outbox_v1 kTable{sizeof(gantry_outbox_v1), &resolve, &wake, &route};

}  // namespace

const gantry_outbox_v1& outbox_rows() { return kTable; }

}  // namespace gantry::plugin
