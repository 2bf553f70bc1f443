#include "cli/setting_text.hpp"

#include <sstream>

namespace gantry::cli {
namespace {

// A URL may carry a password before its host, or a key behind "?".
std::string without_credentials(const std::string& text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return text;
  const std::size_t begin = scheme + 3;
  const std::size_t end = text.find_first_of("/?#", begin);
  const std::size_t at = text.substr(0, end).rfind('@');
  std::string shown = text;
  if (const std::size_t query = shown.find('?'); query != std::string::npos) {
    shown.replace(query, std::string::npos, "?(hidden)");
  }
  if (at != std::string::npos && at >= begin) shown.replace(begin, at - begin, "(hidden)");
  return shown;
}

std::string quoted(const std::string& text) { return '"' + without_credentials(text) + '"'; }

struct Text {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const {
    std::ostringstream text;
    text << value;
    return text.str();
  }
  std::string operator()(const std::string& value) const { return quoted(value); }
  std::string operator()(const std::vector<std::string>& values) const {
    std::string text;
    for (const std::string& value : values) text += (text.empty() ? "" : ", ") + quoted(value);
    return "[" + text + "]";
  }
};

}  // namespace

std::string setting_text(const config::Setting& setting) {
  if (!setting.database.empty()) return "\"" + setting.database + "\"";
  if (setting.secret) return "(hidden)";
  return std::visit(Text(), setting.value);
}

}  // namespace gantry::cli
