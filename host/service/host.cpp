#include "service/host.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "http/health_endpoints.hpp"
#include "observe/log.hpp"
#include "service/metrics_endpoint.hpp"
#include "service/routes_endpoint.hpp"

namespace gantry::service {
namespace {

constexpr config::Milliseconds kDeadLetterTimeout{
    10'000};  // then the letter has failed and is sent again
constexpr config::Milliseconds kClosing{5'000};
constexpr config::Milliseconds kLastRelaying{2'000};  // of what the last handlers have inserted

}  // namespace

Host::Host(Prepared prepared)
    : prepared_(std::move(prepared)),
      crashes_(prepared_.config, prepared_.plugins),
      instruments_(std::make_shared<plugin::Instruments>()) {
  const config::Config& config = prepared_.config;
  kafka::ProducerSettings settings =
      kafka::producer_settings(config, "dead-letters", kDeadLetterTimeout);
  kafka::make_room_for_headers(settings);
  settings.status = [this](bool up, const std::string& reason) {
    health_.report("kafka", up, up ? "running" : "unavailable", reason);
  };
  health_.report("kafka", false, "waiting", "no broker has answered yet");
  dead_letters_ = std::make_unique<kafka::Producer>(std::move(settings));
  topics_ = std::make_unique<TopicSetup>(config);
  relays_.emplace(config, health_);
  if (config.http) ingress_.emplace(*config.http);
  for (const config::Route& route : config.routes) {
    const route::WorksFor plugin{crashes_.owner_of(route.name)};
    http::RequestSource* requests = route.http ? &ingress_->add_route(route) : nullptr;
    routes_.push_back(std::make_unique<RunningRoute>(config, route, prepared_.plugins,
                                                     *dead_letters_, *topics_, *relays_, crashes_,
                                                     health_, requests, board_, instruments_));
  }
  watch_.emplace(config, board_, health_);
  if (config.admin.listen) admin_.emplace(*config.admin.listen, endpoints());
}

http::Endpoints Host::endpoints() const {
  http::Endpoints endpoints = http::health_endpoints(health_);
  endpoints["/metrics"] = metrics_endpoint({health_, board_, *watch_, *relays_, *instruments_});
  endpoints["/routes"] = routes_endpoint(prepared_.config.name, health_, board_, *watch_);
  return endpoints;
}

void Host::start() {
  topics_->start();
  relays_->start();
  if (ingress_) ingress_->start();
  for (auto& route : routes_) route->start();
  log::info("service", "started", {{"name", prepared_.config.name}, {"routes", routes_.size()}});
}

config::Milliseconds Host::longest_drain() const {
  config::Milliseconds longest{0};
  for (const config::Route& route : prepared_.config.routes)
    longest = std::max(longest, route.drain_timeout);
  return longest;
}

config::Milliseconds Host::longest_stop() const {
  const config::Milliseconds drain = longest_drain();
  return (ingress_ ? 2 * drain : drain) + kClosing;
}

bool Host::stop() {
  log::info("service", "stopping: handlers finish what they have, offsets are committed", {});
  // While the routes still work: requests that are under way get their answers.
  if (ingress_) ingress_->drain(longest_drain());
  // All routes at the same time, so that they share one deadline.
  std::vector<std::thread> stopping;
  std::atomic<bool> all{true};
  for (auto& route : routes_)
    stopping.emplace_back([&all, &route] {
      route->quiesce();
      if (!route->stop()) all = false;
    });
  for (std::thread& one : stopping) one.join();
  relays_->stop(kLastRelaying);
  topics_->stop();
  if (all) {
    dead_letters_.reset();  // before the routes: what it still has in hand is reported to them
    routes_.clear();
    ingress_.reset();
    crashes_.close();
  }
  return all;
}

}  // namespace gantry::service
