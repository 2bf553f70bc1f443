#include "observe/escape.hpp"

#include <cstdint>
#include <cstdio>

namespace gantry::observe {
namespace {

struct Rune {
  std::uint32_t code = 0;
  std::size_t size = 1;  // bytes it takes; of an invalid one the bytes to leave out
  bool valid = false;
};

// One character at the front of `text` (not empty). Invalid: overlong, a surrogate, above U+10FFFF,
// cut off. An invalid sequence ends before the first byte that can't belong to it, as the Unicode
// standard advises (section 3.9, U+FFFD).
Rune front_rune(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  if (lead < 0xC2 || lead > 0xF4) return {};
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::uint32_t code = lead & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if (i == text.size()) return {0, i, false};
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xBF;
    if (i == 1 && lead == 0xE0) low = 0xA0;
    if (i == 1 && lead == 0xED) high = 0x9F;
    if (i == 1 && lead == 0xF0) low = 0x90;
    if (i == 1 && lead == 0xF4) high = 0x8F;
    if (byte(i) < low || byte(i) > high) return {0, i, false};
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  return {code, size, true};
}

bool breaks_lines(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
}

void append_control(std::string& out, std::uint32_t code) {
  switch (code) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default: {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(code & 0xFFFFu));
      out += escape;
    }
  }
}

}  // namespace

void append_escaped(std::string& out, std::string_view text, bool quotes) {
  while (!text.empty()) {
    const Rune rune = front_rune(text);
    if (!rune.valid) {
      out += "\xEF\xBF\xBD";
    } else if (breaks_lines(rune.code)) {
      append_control(out, rune.code);
    } else {
      if (quotes && (rune.code == '"' || rune.code == '\\')) out += '\\';
      out += text.substr(0, rune.size);
    }
    text.remove_prefix(rune.size);
  }
}

bool is_readable(std::string_view text, bool lines) {
  while (!text.empty()) {
    const Rune rune = front_rune(text);
    const bool layout = rune.code == '\n' || rune.code == '\r' || rune.code == '\t';
    if (!rune.valid || (breaks_lines(rune.code) && !(lines && layout))) return false;
    text.remove_prefix(rune.size);
  }
  return true;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  append_escaped(out, text);
  out += '"';
  return out;
}

}  // namespace gantry::observe
