// Which route a method and path belong to. Filled before the server's thread gets it.
#pragma once

#include <cstddef>
#include <memory>
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
  void add(const std::shared_ptr<RequestSource>& route);

  struct Match {
    std::shared_ptr<RequestSource> route;  // nullptr: no route has this path with this method
    std::vector<std::pair<std::string, std::string>> parameters;  // without the ":"
    std::vector<std::string> methods;  // that the path has; empty: there is no such path
  };
  // HEAD is GET without the body of its answer.
  Match find(std::string_view method, const std::vector<std::string>& segments) const;
  // Who has the very method and path of this one now: itself, or what took its place. nullptr:
  // nobody.
  std::shared_ptr<RequestSource> successor_of(const RequestSource& route) const;

 private:
  struct Segment {
    std::string text;
    bool parameter;
  };
  struct Entry {
    std::string method;
    std::vector<Segment> segments;
    std::shared_ptr<RequestSource> route;
  };
  static bool fits(const Entry& entry, const std::vector<std::string>& segments);

  std::vector<Entry> entries_;  // the more particular ones first
};

}  // namespace gantry::http
