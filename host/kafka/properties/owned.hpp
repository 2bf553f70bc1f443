// The properties that the host decides, and those of the Java client and of Spring that have
// another name here. Pure.
#pragma once

#include <optional>
#include <string>

#include "config/validate.hpp"

namespace gantry::kafka {

// `name` is canonical. nullopt: not the host's, or stated with the host's own value.
std::optional<config::Refusal> check_host_owned(const std::string& name, const std::string& value);

// nullopt: no name of the Java client or Spring Boot that librdkafka does not know.
std::optional<config::Refusal> check_foreign_name(const std::string& name);

}  // namespace gantry::kafka
