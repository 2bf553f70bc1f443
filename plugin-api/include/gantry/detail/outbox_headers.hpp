// The column gantry_outbox.headers: record headers to bytes and back. The layout is described in
// gantry/outbox.hpp. The standard library only, so that the relay reads what handlers wrote with
// the same code. Pure functions, any thread.
#pragma once

#include <gantry/abi.h>

#include <cstddef>
#include <cstdint>
#include <gantry/message.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gantry::detail {

inline constexpr std::uint32_t null_header_value = 0xFFFFFFFFu;

inline void put_length(std::string& out, std::uint32_t length) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((length >> shift) & 0xFF);
}

// Appends one header. Lengths are those of a Kafka record, far below 4 GiB.
inline void put_outbox_header(std::string& out, std::string_view name,
                              const std::optional<std::string_view>& value) {
  put_length(out, static_cast<std::uint32_t>(name.size()));
  out.append(name);
  put_length(out, value ? static_cast<std::uint32_t>(value->size()) : null_header_value);
  if (value) out.append(*value);
}

inline void encode_outbox_headers(std::string& out, const gantry_header* headers,
                                  std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const gantry_bytes& value = headers[i].value;
    put_outbox_header(out, view(headers[i].name),
                      value.data == nullptr ? std::nullopt : std::optional(view(value)));
  }
}

// A piece of `length` bytes off the front; nullopt: there are not so many.
inline std::optional<std::string_view> take_bytes(std::string_view& rest, std::size_t length) {
  if (rest.size() < length) return std::nullopt;
  const std::string_view piece = rest.substr(0, length);
  rest.remove_prefix(length);
  return piece;
}

inline std::optional<std::uint32_t> take_length(std::string_view& rest) {
  const auto bytes = take_bytes(rest, 4);
  if (!bytes) return std::nullopt;
  std::uint32_t length = 0;
  for (const char byte : *bytes) length = length << 8 | static_cast<std::uint8_t>(byte);
  return length;
}

using OutboxHeaders = std::vector<std::pair<std::string_view, std::optional<std::string_view>>>;

// Views of `bytes`, in the order they were put; nullopt: it is not what encode_outbox_headers()
// writes.
inline std::optional<OutboxHeaders> decode_outbox_headers(std::string_view bytes) {
  OutboxHeaders headers;
  while (!bytes.empty()) {
    const auto name_length = take_length(bytes);
    const auto name = name_length ? take_bytes(bytes, *name_length) : std::nullopt;
    const auto value_length = name ? take_length(bytes) : std::nullopt;
    if (!value_length) return std::nullopt;
    if (*value_length == null_header_value) {
      headers.emplace_back(*name, std::nullopt);
      continue;
    }
    const auto value = take_bytes(bytes, *value_length);
    if (!value) return std::nullopt;
    headers.emplace_back(*name, *value);
  }
  return headers;
}

}  // namespace gantry::detail
