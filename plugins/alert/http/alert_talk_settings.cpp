#include "alert_talk_settings.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <stdexcept>
#include <string_view>

namespace notifications {
namespace {

// RFC 9110, 5.6.2: what a field name is made of.
bool is_token_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_pointer(std::string_view text) { return text.starts_with('/'); }

}  // namespace

DuplicateCode parse_duplicate_code(const std::string& text) {
  const auto equals = text.find('=');
  if (is_pointer(text) && equals != std::string::npos) {
    return {0, text.substr(0, equals), text.substr(equals + 1)};
  }
  int status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (error != std::errc() || end != text.data() + text.size() || status < 100 || status > 599) {
    throw std::invalid_argument("duplicate_codes: \"" + text +
                                "\" is neither an HTTP status (\"409\") nor a JSON pointer with a "
                                "value (\"/result/code=E1005\")");
  }
  return {status, "", ""};
}

void check(const AlertTalkSettings& settings) {
  const std::string& name = settings.idempotency_header;
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_token_character)) {
    throw std::invalid_argument("idempotency_header: \"" + name +
                                "\" is not an HTTP field name, as \"Idempotency-Key\" is one");
  }
  if (!settings.success_pointer.empty() && !is_pointer(settings.success_pointer)) {
    throw std::invalid_argument("success_pointer: \"" + settings.success_pointer +
                                "\" is not a JSON pointer, as \"/result/success\" is one");
  }
  if (settings.sender_key.empty()) throw std::invalid_argument("sender_key: is empty");
  if (settings.template_code.empty()) throw std::invalid_argument("template: is empty");
}

}  // namespace notifications
