// What becomes of a letter that is to be replayed. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/model.hpp"
#include "dlq/letter.hpp"
#include "route/message/publisher.hpp"

namespace gantry::dlq {

struct ReplayPlan {
  route::OutRecord copy;
  std::string refusal;  // why it is not replayed; empty: it is
};

// A copy for the replay topic of its route, byte for byte but for gantry.replays. A record that
// could not be sent, and so was read by nobody, goes where it should have gone, as it was.
ReplayPlan plan_replay(const Letter& letter, const config::Config& config,
                       std::uint32_t max_replays);

// Names a copy: of which record, and which replay of it. The same of a planned one and of one that
// lies in the replay topic already, because the command was killed before it had written down that
// the letter is settled. nullopt: its headers do not tell.
std::optional<std::string> copy_name(const route::OutRecord& copy);

}  // namespace gantry::dlq
