// Finds what somebody probably meant by a misspelt name. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gantry::config {

// The candidate with the fewest edits (insert, delete, replace, swap of neighbours) from `written`,
// when that is at most a third of its length; nullopt when nothing is near.
std::optional<std::string> nearest(std::string_view written,
                                   const std::vector<std::string>& candidates,
                                   std::size_t most = 1000);

// The remedy for a name that is not known: `did you mean "concurrency"?`, else `known are: a, b`.
std::string suggestion(std::string_view written, const std::vector<std::string>& candidates);

}  // namespace gantry::config
