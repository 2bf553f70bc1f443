// The parts of validate, one a concern. Internal to config/.
#pragma once

#include <string>
#include <string_view>

#include "config/validate.hpp"

namespace gantry::config {

void validate_host(const Config& config, const Checks& checks, Problems& problems);
void validate_kafka(const Config& config, const Checks& checks, Problems& problems);
void validate_topics(const Config& config, Problems& problems);
void validate_catalog(const Config& config, const Catalog& catalog, Problems& problems);
void validate_routes(const Config& config, Problems& problems);
void validate_http_ingress(const Config& config, Problems& problems);
void validate_http_source(const Config& config, const Route& route, Problems& problems);
void validate_timeouts(const Config& config, const Route& route, Problems& problems);
// Whether session.timeout.ms is within max.poll.interval.ms, so that librdkafka need not be asked.
bool session_fits(const Config& config, const Route& route);
// Fill in what the handler's schema says.
void resolve_handler(const Config& config, const Catalog& catalog, const Checks& checks,
                     Route& route, Problems& problems);
void resolve_settings(const Config& config, const HandlerSpec& handler, Route& route,
                      Problems& problems);

// Kafka's rule for the names of topics, which the brokers also apply to group.instance.id. Empty:
// it is one.
std::string name_fault(std::string_view name);

// For a problem at a key of a route.
Origin at(const Config& config, const Route& route, std::string_view key);

}  // namespace gantry::config
