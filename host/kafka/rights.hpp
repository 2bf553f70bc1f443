// Whether the configured user may read, commit and write: asked of the brokers in ways that change
// nothing. They say no before they look at what is wrong with the request.
//   commit: of a partition that no topic has. Refused for want of rights, or as unknown.
//   write:  of a record that is larger than the topic takes. Likewise, or as too large.
// The caller's thread waits for each answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "config/model.hpp"

namespace gantry::kafka {

using Timeout = std::chrono::milliseconds;

// Empty: the user may read the topic and commit as this group; else what the brokers say. `route`:
// its properties are the consumer's.
std::string refusal_to_commit(const config::Config& config, const config::Route& route,
                              const std::string& topic, Timeout timeout);

// Empty: the user may write to the topic; else what the brokers say. largest: max.message.bytes of
// the topic, for which as much memory is taken.
std::string refusal_to_write(const config::Config& config, const std::string& topic,
                             std::int64_t largest, Timeout timeout);

}  // namespace gantry::kafka
