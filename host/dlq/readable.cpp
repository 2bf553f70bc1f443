#include "dlq/readable.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "observe/escape.hpp"

namespace gantry::dlq {
namespace {

constexpr char kDigits[] = "0123456789abcdef";
constexpr std::array<std::string_view, 3> kSpringNumbers = {
    "kafka_dlt-original-partition", "kafka_dlt-original-offset", "kafka_dlt-original-timestamp"};

// Big-endian, as Java's ByteBuffer writes it; of 4 or 8 bytes.
std::optional<std::int64_t> number(std::string_view bytes) {
  if (bytes.size() != 4 && bytes.size() != 8) return std::nullopt;
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  if (bytes.size() == 4) return static_cast<std::int32_t>(value);
  return static_cast<std::int64_t>(value);
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    text += kDigits[static_cast<std::uint8_t>(byte) >> 4];
    text += kDigits[static_cast<std::uint8_t>(byte) & 15];
  }
  return text;
}

std::string key_text(const std::optional<std::string>& key) {
  if (!key) return "-";
  if (observe::is_readable(*key)) return *key;
  if (const auto value = number(*key)) return std::to_string(*value);
  return "0x" + to_hex(*key);
}

std::string header_text(const route::OutHeader& header) {
  if (!header.value) return "null";
  if (std::ranges::find(kSpringNumbers, header.name) != kSpringNumbers.end())
    if (const auto value = number(*header.value)) return std::to_string(*value);
  if (!observe::is_readable(*header.value, true)) return "0x" + to_hex(*header.value);
  std::string line;
  observe::append_escaped(line, *header.value, false);
  return line;
}

std::string hex_dump(std::string_view bytes) {
  constexpr std::size_t kWidth = 16;
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += kWidth) {
    const std::string_view line = bytes.substr(at, kWidth);
    for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[at >> shift & 15];
    text += ' ';
    for (std::size_t i = 0; i < kWidth; ++i)
      text += i < line.size() ? ' ' + to_hex(line.substr(i, 1)) : "   ";
    text += "  ";
    for (const char byte : line) text += byte >= 0x20 && byte < 0x7F ? byte : '.';
    text += '\n';
  }
  return text;
}

}  // namespace gantry::dlq
