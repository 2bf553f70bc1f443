#include "demo/wiring.hpp"

#include <algorithm>
#include <stdexcept>

namespace gantry::demo {
namespace {

const config::Route* find(const config::Config& config, const std::string& handler) {
  const auto found = std::find_if(config.routes.begin(), config.routes.end(),
                                  [&](const auto& route) { return route.handler == handler; });
  if (found != config.routes.end()) return &*found;
  throw std::runtime_error("the demo needs a route of the handler \"" + handler + "\", and " +
                           config.file.string() +
                           " has none. Name another configuration with --config.");
}

void check_reads(const config::Route& route, const std::string& topic) {
  if (route.topics == std::vector{topic}) return;
  throw std::runtime_error("the demo needs route \"" + route.name + "\" to read " + topic +
                           " and nothing else. Name another configuration with --config.");
}

}  // namespace

Wiring::Wiring(const config::Config& config)
    : payment(find(config, "payment")),
      order_saver(find(config, "order-saver")),
      alert(find(config, "alert")),
      coupon_request(find(config, "coupon-request")),
      coupon_issue(find(config, "coupon-issue")) {
  for (const config::Route* route : {payment, coupon_request}) {
    if (!route->http) {
      throw std::runtime_error(
          "the demo needs route \"" + route->name +
          "\" to take HTTP requests. Name another configuration with --config.");
    }
  }
  check_reads(*order_saver, order_topic());
  check_reads(*alert, order_topic());
  check_reads(*coupon_issue, coupon_topic());
}

std::string Wiring::coupon_path(std::int64_t coupon_id) const {
  std::string path = coupon_request->http->path;
  const std::size_t begin = path.find('{');
  if (begin == std::string::npos) return path;
  return path.replace(begin, path.find('}', begin) + 1 - begin, std::to_string(coupon_id));
}

const std::string& dsn_of(const config::Route& route) {
  return std::get<std::string>(route.settings.at("database").value);
}

}  // namespace gantry::demo
