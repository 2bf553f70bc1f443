#include "config/option_value.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace gantry::config {
namespace {

std::string plain(double value) {
  std::ostringstream text;
  text.precision(15);
  text << value;
  return text.str();
}

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// allowed: "low..high", where either end may be left out.
std::optional<Refusal> fit_range(const OptionSpec& option, double value) {
  const std::size_t dots = option.allowed.find("..");
  if (dots == std::string::npos) return std::nullopt;
  const auto low = number_in(std::string_view(option.allowed).substr(0, dots));
  const auto high = number_in(std::string_view(option.allowed).substr(dots + 2));
  if ((!low || value >= *low) && (!high || value <= *high) && value == value) return std::nullopt;
  return Refusal{option.secret ? "is out of range" : plain(value) + " is out of range",
                 "allowed is " + option.allowed};
}

std::optional<Refusal> fit_choice(const OptionSpec& option, const Setting& setting,
                                  const std::string& value) {
  if (option.allowed.empty()) return std::nullopt;
  std::string_view rest = option.allowed;
  while (true) {
    const std::size_t bar = rest.find('|');
    if (rest.substr(0, bar) == value) return std::nullopt;
    if (bar == std::string_view::npos) break;
    rest.remove_prefix(bar + 1);
  }
  return Refusal{setting.secret ? "is not a choice" : "\"" + value + "\" is not a choice",
                 "allowed is " + option.allowed};
}

std::optional<Refusal> fit_url(const Setting& setting) {
  std::string_view url = std::get<std::string>(setting.value);
  const bool http = url.starts_with("http://");
  const bool https = url.starts_with("https://");
  const bool printable =
      std::none_of(url.begin(), url.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
  if ((http || https) && printable) {
    url.remove_prefix(http ? 7 : 8);
    std::string_view host = url.substr(0, url.find_first_of("/?#"));
    if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) {
      host.remove_prefix(at + 1);
    }
    if (!host.empty() && host.front() != ':') return std::nullopt;
  }
  return Refusal{"is not an absolute http or https URL", "write for example \"https://host/path\""};
}

Refusal wrong_type(const OptionSpec& option) {
  const std::string remedy = "write " + option.name + " = " + example_of(option);
  if (option.type == OptionType::boolean) return {"is neither true nor false", remedy};
  if (option.type == OptionType::text) return {"is not text", remedy};
  const std::string article = option.type == OptionType::integer ? "an " : "a ";
  return {"is not " + article + type_name(option.type), remedy};
}

std::optional<Refusal> fit_integer(const OptionSpec& option, const Setting& setting) {
  const auto* value = std::get_if<std::int64_t>(&setting.value);
  if (value == nullptr) return wrong_type(option);
  if (option.type == OptionType::duration_ms && *value < 0) {
    return Refusal{"a duration is not negative", "write milliseconds from 0 on"};
  }
  return fit_range(option, static_cast<double>(*value));
}

std::optional<Refusal> fit_number(const OptionSpec& option, Setting& setting) {
  if (const auto* integer = std::get_if<std::int64_t>(&setting.value)) {
    setting.value = static_cast<double>(*integer);
  }
  const auto* value = std::get_if<double>(&setting.value);
  if (value == nullptr) return wrong_type(option);
  return fit_range(option, *value);
}

std::optional<Refusal> fit_list(const OptionSpec& option, const Setting& setting) {
  const auto* values = std::get_if<std::vector<std::string>>(&setting.value);
  if (values == nullptr) return wrong_type(option);
  for (const std::string& value : *values) {
    if (auto refusal = fit_choice(option, setting, value)) return refusal;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> fit(const OptionSpec& option, Setting& setting) {
  const bool text = std::holds_alternative<std::string>(setting.value);
  switch (option.type) {
    case OptionType::boolean:
      if (!std::holds_alternative<bool>(setting.value)) return wrong_type(option);
      return std::nullopt;
    case OptionType::integer:
    case OptionType::duration_ms:
      return fit_integer(option, setting);
    case OptionType::number:
      return fit_number(option, setting);
    case OptionType::text_list:
      return fit_list(option, setting);
    case OptionType::text:
      if (!text) return wrong_type(option);
      return fit_choice(option, setting, std::get<std::string>(setting.value));
    case OptionType::url:
      if (!text) return wrong_type(option);
      return fit_url(setting);
    case OptionType::database:
      if (!text) return wrong_type(option);
      return std::nullopt;
  }
  return wrong_type(option);
}

std::string example_of(const OptionSpec& option) {
  switch (option.type) {
    case OptionType::boolean:
      return "true";
    case OptionType::integer:
    case OptionType::number:
    case OptionType::duration_ms: {
      const std::string low = option.allowed.substr(0, option.allowed.find(".."));
      return low.empty() ? "1000" : low;
    }
    case OptionType::text_list:
      return "[\"…\"]";
    case OptionType::url:
      return "\"https://host/path\"";
    case OptionType::database:
      return "\"main\"";
    case OptionType::text:
      break;
  }
  const std::string first = option.allowed.substr(0, option.allowed.find('|'));
  return first.empty() ? "\"…\"" : "\"" + first + "\"";
}

const char* type_name(OptionType type) {
  switch (type) {
    case OptionType::boolean:
      return "true or false";
    case OptionType::integer:
      return "integer";
    case OptionType::number:
      return "number";
    case OptionType::text:
      return "text";
    case OptionType::text_list:
      return "list of texts";
    case OptionType::duration_ms:
      return "duration in milliseconds";
    case OptionType::url:
      return "URL";
    case OptionType::database:
      return "database's name";
  }
  return "unknown type";
}

}  // namespace gantry::config
