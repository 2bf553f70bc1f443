// Text that a plugin wrote, made fit for logs and headers. Pure function, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gantry::plugin {

constexpr std::size_t kMostReason = 1000;     // bytes of gantry_outcome.reason
constexpr std::size_t kMostErrorClass = 200;  // a metric label

// At most `most` bytes of valid UTF-8: what is not becomes U+FFFD, a cut never splits a character.
std::string clean_text(std::string_view text, std::size_t most);

}  // namespace gantry::plugin
