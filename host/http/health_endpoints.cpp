#include "http/health_endpoints.hpp"

#include <string>

#include "observe/escape.hpp"
#include "observe/line.hpp"

namespace gantry::http {
namespace {

using observe::json_string;

std::string part_json(const observe::PartState& part) {
  return std::string("{\"ready\":") + (part.ready ? "true" : "false") +
         ",\"state\":" + json_string(part.state) + ",\"reason\":" + json_string(part.reason) +
         ",\"since\":" + json_string(observe::rfc3339(part.since)) + "}";
}

Response readiness(const observe::Health& health) {
  bool ready = true;
  std::string parts;
  for (const auto& [name, part] : health.snapshot()) {
    ready = ready && part.ready;  // of this snapshot, so that the answer never contradicts itself
    if (!parts.empty()) parts += ',';
    parts += json_string(name) + ':' + part_json(part);
  }
  Response response;
  response.status = ready ? 200 : 503;
  response.body =
      std::string("{\"ready\":") + (ready ? "true" : "false") + ",\"parts\":{" + parts + "}}\n";
  return response;
}

}  // namespace

Endpoints health_endpoints(const observe::Health& health) {
  Endpoints endpoints;
  endpoints["/healthz"] = [](const Request&) {
    Response response;
    response.body = "{\"alive\":true}\n";
    return response;
  };
  endpoints["/readyz"] = [&health](const Request&) { return readiness(health); };
  return endpoints;
}

}  // namespace gantry::http
