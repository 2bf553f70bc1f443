// The target of a request, taken apart once and for all: percent-decoded one time, and refused
// where a proxy in front could have read another path out of it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/ingress/head.hpp"

namespace gantry::http {

struct Target {
  std::string path;                   // as sent, without the query
  std::vector<std::string> segments;  // of the path, decoded: {"coupons", "5", "requests"}
};

// What is after "?" is nobody's here. `target` of the request line: "/path?query", or the absolute
// form "http://host/path".
std::variant<Target, Fault> read_target(std::string_view target);

bool is_utf8(std::string_view text);

}  // namespace gantry::http
