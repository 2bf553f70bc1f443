// librdkafka's properties as the configuration may state them: known at all, in the right table,
// with a value that librdkafka takes, and none that the host decides itself. No broker is asked.
// Start-up and reload, any thread.
#pragma once

#include <optional>
#include <string>

#include "config/validate.hpp"

namespace gantry::kafka {

using config::Client;
using config::Refusal;

// One property by itself. nullopt: fine. Client::both is [kafka], which both clients get.
std::optional<Refusal> check_property(Client client, const std::string& name,
                                      const std::string& value);

// All properties of one client together, as librdkafka checks them when a client is made:
// contradictions, files that cannot be read. Makes one without any broker and ends it again.
std::optional<Refusal> check_client(Client client, const config::Properties& all);

}  // namespace gantry::kafka
