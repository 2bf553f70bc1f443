#include "plugin/publishing.hpp"

#include "plugin/host_services.hpp"

namespace gantry::plugin {
namespace {

std::int32_t publish(const gantry_host* host, gantry_slot slot, const gantry_record* record) {
  HostServices& services = HostServices::of(host);
  if (record == nullptr || record->struct_size < sizeof(gantry_record)) {
    services.misbehaviour().count("bad_record", "publish() got no record, or a short one");
    return GANTRY_UNKNOWN_OUTPUT;
  }
  return services.publish(slot, *record);
}

constexpr gantry_publish_v1 kTable{sizeof(gantry_publish_v1), &publish};

}  // namespace

const gantry_publish_v1& publishing() { return kTable; }

}  // namespace gantry::plugin
