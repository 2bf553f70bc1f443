#include "payload/writer.hpp"

#include <array>
#include <charconv>

#include "instant.hpp"

namespace payload {

void append_text(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (code < 0x20) {
      out += "\\u00";
      out += hex[code >> 4];
      out += hex[code & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_number(std::string& out, std::int64_t number) {
  std::array<char, 20> digits;
  out.append(digits.data(),
             std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

void append_instant(std::string& out, orders::Instant instant) {
  std::string text;  // "2026-11-23 00:00:00.25+00"
  orders::append_instant(instant, text);
  text[text.find(' ')] = 'T';
  text.resize(text.size() - 3);
  out += '"' + text + "Z\"";
}

std::string problem(int status, std::string_view kind, std::string_view title,
                    std::string_view detail, std::string_view field) {
  std::string out = "{\"type\":\"urn:gantry:problem:" + std::string(kind) + "\",\"title\":";
  append_text(out, title);
  out += ",\"status\":" + std::to_string(status) + ",\"detail\":";
  append_text(out, detail);
  if (!field.empty()) {
    out += ",\"field\":";
    append_text(out, field);
  }
  return out + '}';
}

}  // namespace payload
