// Which route a method and path belong to. Filled before the server starts, read by its thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/model.hpp"

namespace gantry::http {

class RequestSource;

class Paths {
 public:
  // "/coupons/{couponId}/requests". Where two fit, a written segment goes before a parameter.
  void add(const config::HttpSource& source, RequestSource& route);

  struct Match {
    RequestSource* route = nullptr;  // nullptr: no route has this path with this method
    std::vector<std::pair<std::string, std::string>> parameters;  // without the ":"
    std::vector<std::string> methods;  // that the path has; empty: there is no such path
  };
  // HEAD is GET without the body of its answer.
  Match find(std::string_view method, const std::vector<std::string>& segments) const;

 private:
  struct Segment {
    std::string text;
    bool parameter;
  };
  struct Entry {
    std::string method;
    std::vector<Segment> segments;
    RequestSource* route;
  };
  static bool fits(const Entry& entry, const std::vector<std::string>& segments);

  std::vector<Entry> entries_;  // the more particular ones first
};

}  // namespace gantry::http
