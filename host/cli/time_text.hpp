// Times as people write them on a command line. Pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gantry::cli {

using SystemTime = std::chrono::system_clock::time_point;

// "90s", "30m", "2h", "7d". nullopt: something else.
std::optional<std::chrono::milliseconds> parse_age(std::string_view text);

// So long ago ("2h"), a day ("2026-07-01", from its beginning in UTC) or an instant of RFC 3339
// ("2026-07-01T09:00:00Z", "2026-07-01T18:00:00.5+09:00"). nullopt: something else.
std::optional<SystemTime> parse_time(std::string_view text, SystemTime now);

// "67 days", "12 hours", "90 seconds"
std::string age_text(std::chrono::milliseconds age);

// "45s", "12m", "3h", "2d", rounded down, for a column.
std::string short_age(std::chrono::milliseconds age);

}  // namespace gantry::cli
