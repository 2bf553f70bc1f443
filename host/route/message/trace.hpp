// Which trace a message or request belongs to, for the lines that tell of it:
// https://www.w3.org/TR/trace-context/
#pragma once

#include <gantry/abi.h>

#include <algorithm>
#include <span>
#include <string_view>

namespace gantry::route {

// The trace-id of the header `traceparent`, 32 digits; empty: there is none, or none that is valid.
// Points into the header.
inline std::string_view trace_id(std::span<const gantry_header> headers) {
  // version "-" trace-id "-" parent-id "-" flags; later versions may have more behind it.
  constexpr std::size_t kLeast = 55;
  constexpr std::size_t kAt = 3;
  constexpr std::size_t kDigits = 32;
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  for (const gantry_header& header : headers) {
    if (std::string_view(header.name.data, header.name.size) != "traceparent") continue;
    const std::string_view value(reinterpret_cast<const char*>(header.value.data),
                                 header.value.data == nullptr ? 0 : header.value.size);
    if (value.size() < kLeast || value[kAt - 1] != '-' || value[kAt + kDigits] != '-') return {};
    const std::string_view id = value.substr(kAt, kDigits);
    const bool valid = std::ranges::all_of(id, is_hex) && id.find_first_not_of('0') != id.npos;
    return valid ? id : std::string_view{};
  }
  return {};
}

}  // namespace gantry::route
