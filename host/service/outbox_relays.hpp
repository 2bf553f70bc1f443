// The relays of this host, one for each database of [outbox], with a producer each, how their
// refused records become dead letters, and where dead letters go that their topic does not take.
// Owned by the host, outlives the routes, which wake it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "config/model.hpp"
#include "observe/health.hpp"
#include "outbox/letter_box.hpp"
#include "outbox/relay.hpp"

namespace gantry::service {

class OutboxRelays {
 public:
  OutboxRelays(const config::Config& config, observe::Health& health);  // both outlive it

  void start();
  // Takes no more dead letters. All at the same time: what is there is published, at most until the
  // deadline.
  void stop(config::Milliseconds deadline);

  // Wakes the relays of the databases that this route's handler inserts into. Any thread.
  std::function<void()> bell_of(const config::Route& route);

  // Of the databases that this host relays, by name. Any thread.
  std::map<std::string, outbox::Backlog> backlogs() const;

  // Stores a dead letter on its way to its topic, in the first of the databases. Any thread, never
  // blocks. `done` is told false where it can't be stored, and where there is no outbox.
  void store(const std::string& route, route::OutRecord letter, outbox::LetterBox::Done done);

 private:
  std::map<std::string, std::unique_ptr<outbox::Relay>> relays_;
  std::unique_ptr<outbox::LetterBox> letters_;  // nullptr: no outbox is configured
};

}  // namespace gantry::service
