// Which dead letters a command is about. Plain values and a pure function, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "dlq/letter.hpp"

namespace gantry::dlq {

struct Filter {
  std::vector<LetterId> ids{};  // empty: all
  std::string route{};
  std::string reason{};
  std::string topic{};  // the original one
  std::string group{};
  std::optional<std::string> key{};
  std::optional<std::int64_t> since_ms{};  // of when it became a dead letter
  std::optional<std::int64_t> until_ms{};  // before that
  std::size_t limit = 0;                   // the oldest so many; 0: all

  // Nothing but a limit: every dead letter there is.
  bool all() const {
    return ids.empty() && route.empty() && reason.empty() && topic.empty() && group.empty() &&
           !key && !since_ms && !until_ms;
  }
};

// Whether it is one of them. A letter of which nobody knows for sure whose it is becomes that of
// `route` where the filter says so: by naming the letter or its consumer group, or, where no group
// is told, its topic or a route that reads it.
bool matches(const Filter& filter, Letter& letter, const config::Config& config);

}  // namespace gantry::dlq
