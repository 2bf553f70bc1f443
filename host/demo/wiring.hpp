// Where the two sequences run in a configuration: the demo follows the routes, so that a rewired
// topic is followed, too. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "config/model.hpp"

namespace gantry::demo {

struct Wiring {
  const config::Route* payment;
  const config::Route* order_saver;
  const config::Route* alert;
  const config::Route* coupon_request;
  const config::Route* coupon_issue;

  // std::runtime_error names what is missing.
  explicit Wiring(const config::Config& config);

  const std::string& order_topic() const { return payment->outputs.at("order_created").topic; }
  const std::string& coupon_topic() const {
    return coupon_request->outputs.at("coupon_issue").topic;
  }
  std::string coupon_path(std::int64_t coupon_id) const;
};

// The connection string of a handler's setting `database`.
const std::string& dsn_of(const config::Route& route);

}  // namespace gantry::demo
