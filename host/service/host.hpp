// The running host: every route, what they share (the dead letters' producer, topics, health, the
// admin endpoint), and the order in which it all begins and ends. Used by the thread that calls
// run().
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "http/admin_server.hpp"
#include "http/ingress.hpp"
#include "kafka/producer.hpp"
#include "observe/health.hpp"
#include "plugin/instruments.hpp"
#include "service/crash_guard.hpp"
#include "service/outbox_relays.hpp"
#include "service/prepare.hpp"
#include "service/route_board.hpp"
#include "service/route_watch.hpp"
#include "service/running_route.hpp"
#include "service/topic_setup.hpp"

namespace gantry::service {

class Host {
 public:
  // Opens every handler, the admin endpoint and the HTTP server; throws when one can't be. Waits
  // for no broker and no database.
  explicit Host(Prepared prepared);

  void start();
  // Drains, commits, ends. False: a handler hangs; then nothing of this may be destroyed, and the
  // process ends by _exit.
  bool stop();
  // The most that stop() may take: every route's drain_timeout and what closing costs on top.
  config::Milliseconds longest_stop() const;

  const config::Config& config() const { return prepared_.config; }
  const observe::Health& health() const { return health_; }
  // The ports that were chosen where the configuration says 0; 0 where nothing listens.
  std::uint16_t http_port() const { return ingress_ ? ingress_->port() : 0; }
  std::uint16_t admin_port() const { return admin_ ? admin_->port() : 0; }

 private:
  config::Milliseconds longest_drain() const;
  http::Endpoints endpoints() const;

  Prepared prepared_;
  observe::Health health_;
  std::optional<http::Ingress> ingress_;  // before the routes, whose requests it answers
  std::unique_ptr<kafka::Producer> dead_letters_;
  std::unique_ptr<TopicSetup> topics_;
  std::optional<OutboxRelays> relays_;  // before the routes, which wake them
  CrashGuard crashes_;                  // before the routes, which note in its journal
  RouteBoard board_;                    // before the routes, which are on it
  const std::shared_ptr<plugin::Instruments> instruments_;
  std::vector<std::unique_ptr<RunningRoute>> routes_;
  std::optional<RouteWatch> watch_;
  std::optional<http::AdminServer> admin_;  // last: it reads all of the above
};

}  // namespace gantry::service
