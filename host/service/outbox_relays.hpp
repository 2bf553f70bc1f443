// The relays of this host, one for each database of [outbox], with a producer each, and how their
// refused records become dead letters. Owned by the host, outlives the routes, which wake it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "config/model.hpp"
#include "observe/health.hpp"
#include "outbox/relay.hpp"

namespace gantry::service {

class OutboxRelays {
 public:
  OutboxRelays(const config::Config& config, observe::Health& health);  // both outlive it

  void start();
  // All at the same time: what is there is published, at most until the deadline.
  void stop(config::Milliseconds deadline);

  // Wakes the relays of the databases that this route's handler inserts into. Any thread.
  std::function<void()> bell_of(const config::Route& route);

 private:
  std::map<std::string, std::unique_ptr<outbox::Relay>> relays_;
};

}  // namespace gantry::service
