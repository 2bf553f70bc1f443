#include "service/route_outputs.hpp"

#include <exception>
#include <string>
#include <utility>

#include "route/dispatch/send_order.hpp"

namespace gantry::service {
namespace {

kafka::ProducerSettings settings_of(const config::Config& config, const config::Route& route) {
  kafka::ProducerSettings settings =
      kafka::producer_settings(config, "outputs-" + route.name, route::SendOrder::kMessageTimeout);
  settings.in_order = true;
  // Whatever is published while records are on their way goes out together anyway.
  settings.linger = std::chrono::milliseconds{1};
  return settings;
}

}  // namespace

RouteOutputs::RouteOutputs(const config::Config& config, const config::Route& route)
    : settings_(settings_of(config, route)), most_bytes_(kafka::most_record_bytes(settings_)) {}

void RouteOutputs::publish(route::OutRecord record,
                           std::function<void(const route::PublishResult&)> done) {
  try {
    if (producer_ == nullptr) producer_ = std::make_unique<kafka::Producer>(settings_);
  } catch (const std::exception& error) {
    return done({route::PublishStatus::failed, error.what(), false, &record});
  }
  producer_->publish(std::move(record), std::move(done));
}

void RouteOutputs::recall() {
  if (producer_ != nullptr) producer_->recall();
}

}  // namespace gantry::service
