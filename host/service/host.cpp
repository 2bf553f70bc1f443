#include "service/host.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "http/health_endpoints.hpp"
#include "observe/log.hpp"
#include "service/commands.hpp"
#include "service/metrics_endpoint.hpp"
#include "service/routes_endpoint.hpp"

namespace gantry::service {
namespace {

constexpr config::Milliseconds kDeadLetterTimeout{
    10'000};  // then the letter has failed and is sent again
constexpr config::Milliseconds kClosing{5'000};
constexpr config::Milliseconds kLastRelaying{2'000};  // of what the last handlers have inserted

}  // namespace

Host::Host(Prepared prepared, Reread reread)
    : reread_(std::move(reread)),
      setup_(std::make_shared<const Prepared>(std::move(prepared))),
      crashes_(setup_->config, setup_->plugins),
      instruments_(std::make_shared<plugin::Instruments>()) {
  const config::Config& config = setup_->config;
  if (config.admin.socket)
    control_.emplace(*config.admin.socket,
                     [this](const control::Command& command) { return execute(*this, command); });
  kafka::ProducerSettings settings =
      kafka::producer_settings(config, "dead-letters", kDeadLetterTimeout);
  kafka::make_room_for_headers(settings);
  settings.status = [this](bool up, const std::string& reason) {
    health_.report("kafka", up, up ? "running" : "unavailable", reason);
  };
  health_.report("kafka", false, "waiting", "no broker has answered yet");
  dead_letters_ = std::make_unique<kafka::Producer>(std::move(settings));
  topics_ = std::make_unique<TopicSetup>(config_of(setup_));
  relays_.emplace(config_of(setup_), health_);
  if (config.http) ingress_.emplace(*config.http);
  for (const config::Route& route : config.routes) routes_.push_back(make_route(setup_, route));
  serve_requests();
  watch_.emplace(config, board_, health_);
  if (config.admin.listen) admin_.emplace(*config.admin.listen, endpoints());
}

http::Endpoints Host::endpoints() const {
  http::Endpoints endpoints = http::health_endpoints(health_);
  endpoints["/metrics"] = metrics_endpoint({health_, board_, *watch_, *relays_, *instruments_});
  endpoints["/routes"] = routes_endpoint(config().name, health_, board_, *watch_);
  return endpoints;
}

std::unique_ptr<RunningRoute> Host::make_route(const std::shared_ptr<const Prepared>& setup,
                                               const config::Route& route) {
  longest_drain_ = std::max(longest_drain_.load(), route.drain_timeout.count());
  const route::WorksFor plugin{crashes_.owner_of(route.name)};
  return std::make_unique<RunningRoute>(setup, route, *dead_letters_, *topics_, *relays_, crashes_,
                                        health_, board_, instruments_);
}

void Host::serve_requests() {
  if (!ingress_) return;
  std::vector<std::shared_ptr<http::RequestSource>> sources;
  for (const auto& route : routes_)
    if (route->requests() != nullptr) sources.push_back(route->requests());
  ingress_->serve(sources);
}

void Host::start() {
  topics_->start();
  relays_->start();
  if (ingress_) ingress_->start();
  for (auto& route : routes_) route->start();
  if (control_) control_->start();
  log::info("service", "started", {{"name", config().name}, {"routes", routes_.size()}});
}

config::Milliseconds Host::longest_stop() const {
  const config::Milliseconds drain = longest_drain();
  const config::Milliseconds end = (ingress_ ? 2 * drain : drain) + kClosing;
  return under_change_ ? 2 * end : end;
}

bool Host::stop() {
  control_.reset();
  const std::lock_guard change{changing_};
  ends_ = true;
  log::info("service", "stopping: handlers finish what they have, offsets are committed", {});
  // While the routes still work: requests that are under way get their answers.
  if (ingress_) ingress_->drain(longest_drain());
  // All routes at the same time, so that they share one deadline.
  std::vector<std::thread> stopping;
  std::atomic<bool> all{left_behind_.empty()};
  for (auto& route : routes_)
    stopping.emplace_back([&all, &route] {
      if (!route->end(kafka::Consumer::Leave::no)) all = false;
    });
  for (std::thread& one : stopping) one.join();
  relays_->stop(kLastRelaying);
  topics_->stop();
  if (all) {
    dead_letters_.reset();  // before the routes: what it still has in hand is reported to them
    routes_.clear();
    ended_.clear();
    ingress_.reset();
    crashes_.close();
  }
  return all;
}

}  // namespace gantry::service
