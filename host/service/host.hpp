// The running host: every route, what they share (the dead letters' producer, topics, health, the
// admin endpoint, the control socket), and the order in which it all begins, changes and ends. Used
// by the thread that calls run(); what changes it, also by that of the control socket.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/difference.hpp"
#include "control/server.hpp"
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

struct Reloaded {
  config::Difference difference;
  std::vector<std::string> needs_restart;
};

class NoSuchRoute : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Host {
 public:
  // The configuration as its files are now, with `more` over what they say; throws
  // config::Invalid.
  using Reread = std::function<Prepared(const Overlay& more)>;

  // Opens every handler, the admin endpoint, the control socket and the HTTP server; throws when
  // one can't be. Waits for no broker and no database.
  Host(Prepared prepared, Reread reread);

  void start();
  // Drains, commits, ends, after a change that is under way. False: a handler hangs; then nothing
  // of this may be destroyed, and the process ends by _exit.
  bool stop();
  // The most that stop() may take: every route's drain_timeout and what closing costs on top.
  config::Milliseconds longest_stop() const;

  // ---- changes, one after the other; any thread
  // Reads the configuration again and starts, ends and replaces the routes that differ. Throws
  // config::Invalid, plugin::SetupError and others; then everything is as it was.
  Reloaded reload();
  // Each throws NoSuchRoute. pause() is false where handlers still have messages after the route's
  // drain_timeout.
  bool pause(const std::string& route);
  void resume(const std::string& route);

  // Of the last reload that succeeded, and as long as there is no other one.
  const config::Config& config() const { return setup_->config; }
  const plugin::Plugins& plugins() const { return setup_->plugins; }
  const observe::Health& health() const { return health_; }
  // The ports that were chosen where the configuration says 0; 0 where nothing listens.
  std::uint16_t http_port() const { return ingress_ ? ingress_->port() : 0; }
  std::uint16_t admin_port() const { return admin_ ? admin_->port() : 0; }

 private:
  config::Milliseconds longest_drain() const { return config::Milliseconds{longest_drain_}; }
  http::Endpoints endpoints() const;
  std::shared_ptr<const config::Config> config_of(
      const std::shared_ptr<const Prepared>& setup) const {
    return {setup, &setup->config};
  }
  std::unique_ptr<RunningRoute> make_route(const std::shared_ptr<const Prepared>& setup,
                                           const config::Route& route);
  Prepared read_again(std::vector<std::string>& needs_restart) const;
  void exchange(const config::Difference& difference,
                std::vector<std::unique_ptr<RunningRoute>> made);
  // A route that ends, and the one that takes its place; nullptr: none.
  struct Ending {
    std::unique_ptr<RunningRoute> old;
    RunningRoute* next;
    kafka::Consumer::Leave leave;
    bool ended = false;
  };
  std::vector<Ending> put_in_place(const config::Difference& difference,
                                   std::vector<std::unique_ptr<RunningRoute>> made);
  void start_first(const std::vector<Ending>& ending);
  void replace(Ending& one);
  void serve_requests();
  RunningRoute& find(const std::string& route);
  // Held while something changes; throws when the host is ending.
  class Change;

  const Reread reread_;
  std::mutex changing_;  // guards setup_, routes_ and what follows from them after start()
  std::atomic<bool> under_change_{false};
  bool ends_ = false;
  std::shared_ptr<const Prepared> setup_;
  std::atomic<config::Milliseconds::rep> longest_drain_{0};  // of all routes there are
  observe::Health health_;
  std::optional<http::Ingress> ingress_;  // before the routes, whose requests it answers
  std::unique_ptr<kafka::Producer> dead_letters_;
  std::unique_ptr<TopicSetup> topics_;
  std::optional<OutboxRelays> relays_;  // before the routes, which wake them
  CrashGuard crashes_;                  // before the routes, which note in its journal
  RouteBoard board_;                    // before the routes, which are on it
  const std::shared_ptr<plugin::Instruments> instruments_;
  std::vector<std::unique_ptr<RunningRoute>> routes_;  // in the order of the configuration
  std::vector<std::unique_ptr<RunningRoute>> ended_;   // that are not forgotten yet
  // Whose handler does not return: kept until the process ends.
  std::vector<std::unique_ptr<RunningRoute>> left_behind_;
  std::optional<RouteWatch> watch_;
  std::optional<http::AdminServer> admin_;  // it reads all of the above
  std::optional<control::Server> control_;  // it changes it
};

}  // namespace gantry::service
