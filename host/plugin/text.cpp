#include "plugin/text.hpp"

namespace gantry::plugin {
namespace {

// Bytes of the valid character at the start of `text`; 0: it is none.
std::size_t character_size(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
  }
  if (first == 0xE0 && at(1) < 0xA0) return 0;   // overlong
  if (first == 0xED && at(1) >= 0xA0) return 0;  // surrogates
  if (first == 0xF0 && at(1) < 0x90) return 0;   // overlong
  if (first == 0xF4 && at(1) >= 0x90) return 0;  // beyond U+10FFFF
  return size;
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t most) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  std::string clean;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    const std::string_view next = size == 0 ? replacement : text.substr(0, size);
    if (clean.size() + next.size() > most) break;
    clean += next;
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return clean;
}

}  // namespace gantry::plugin
