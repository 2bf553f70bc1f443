#include "http/ingress/target.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <optional>

namespace gantry::http {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// nullopt: a percent sign without two hexadecimal digits.
std::optional<std::string> decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex(text[i + 1]);
    const int low = hex(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

std::optional<Fault> fault_of_segment(std::string_view segment) {
  const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (std::any_of(segment.begin(), segment.end(), control))
    return Fault{400, "The path holds a control character."};
  if (segment.find_first_of("/\\") != std::string_view::npos)
    return Fault{400, "The path holds an encoded slash, or a backslash."};
  if (segment == "." || segment == "..") return Fault{400, "The path holds \".\" or \"..\"."};
  if (!is_utf8(segment)) return Fault{400, "The path is not UTF-8."};
  return std::nullopt;
}

std::optional<Fault> split(std::string_view path, std::vector<std::string>& segments) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view raw = path.substr(0, path.find('/'));
    path.remove_prefix(raw.size());
    if (raw.empty() && !path.empty()) return Fault{400, "The path holds \"//\"."};
    auto segment = decoded(raw);
    if (!segment)
      return Fault{400, "A percent sign in the path stands without two hexadecimal digits."};
    if (auto fault = fault_of_segment(*segment)) return fault;
    segments.push_back(std::move(*segment));
  }
  return std::nullopt;
}

// The bytes that follow a leading one of UTF-8, and the least and most its first one may be, so
// that overlong forms, surrogates and what is above U+10FFFF are none.
struct Form {
  int more = -1;
  unsigned char low = 0x80, high = 0xbf;
};
Form form_of(unsigned char lead) {
  if (lead < 0x80) return {0};
  if (lead >= 0xc2 && lead <= 0xdf) return {1};
  if (lead == 0xe0) return {2, 0xa0, 0xbf};
  if (lead == 0xed) return {2, 0x80, 0x9f};
  if (lead >= 0xe1 && lead <= 0xef) return {2};
  if (lead == 0xf0) return {3, 0x90, 0xbf};
  if (lead >= 0xf1 && lead <= 0xf3) return {3};
  if (lead == 0xf4) return {3, 0x80, 0x8f};
  return {};
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    Form form = form_of(static_cast<unsigned char>(text[i]));
    if (form.more < 0) return false;
    for (; form.more > 0; --form.more) {
      if (++i == text.size()) return false;
      const auto c = static_cast<unsigned char>(text[i]);
      if (c < form.low || c > form.high) return false;
      form.low = 0x80, form.high = 0xbf;
    }
  }
  return true;
}

std::variant<Target, Fault> read_target(std::string_view target) {
  if (!target.starts_with('/')) {  // RFC 9112, 3.2.2: every server has to accept the absolute form
    const auto scheme = target.find("://");
    const bool http = scheme != std::string_view::npos &&
                      (boost::beast::iequals(target.substr(0, scheme), "http") ||
                       boost::beast::iequals(target.substr(0, scheme), "https"));
    if (!http) return Fault{400, "The request's target is not a path: it begins with \"/\"."};
    const auto path = target.find_first_of("/?#", scheme + 3);
    target = path == std::string_view::npos || target[path] != '/' ? "/" : target.substr(path);
  }
  const bool ascii = std::all_of(target.begin(), target.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii || target.find('#') != std::string_view::npos)
    return Fault{400, "The request's target holds a byte that has to be percent-encoded."};
  Target result;
  result.path = target.substr(0, target.find('?'));
  if (auto fault = split(result.path, result.segments)) return *fault;
  return result;
}

}  // namespace gantry::http
