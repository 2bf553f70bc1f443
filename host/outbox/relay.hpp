// Publishes the rows of one database's gantry_outbox and deletes them once the brokers have
// acknowledged them. Of all hosts on a database one is the relay; the others stand by and one of
// them takes over when it dies. Owned by the service; a thread of its own does everything.
//
// What holds, whatever dies in between:
//  - A committed row is published at least once, also one whose transaction committed late.
//  - The records of one (topic, key) reach the brokers in the order of their ids. A failure for now
//    holds back later rows of that (topic, key) alone.
//  - A record that is refused for good becomes its route's dead letter, reason send-failed, through
//    this same table; a dead letter that is refused stays there, held, with its error.
//  - A new relay publishes nothing while its predecessor's last records may still arrive, unless
//    that one ended in order. So does one that has lost its database for a while.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "observe/health.hpp"
#include "outbox/relay_ledger.hpp"
#include "outbox/relay_mailbox.hpp"
#include "outbox/relay_table.hpp"
#include "route/message/publisher.hpp"

namespace gantry::outbox {

struct RelaySettings {
  std::string database;  // NAME of [database.NAME], for log and health
  std::string dsn;       // secret
  std::string host;      // this host's name
  // How long a record may be on its way before the publisher gives it up (message.timeout.ms).
  std::chrono::milliseconds message_timeout{10'000};
};

class Relay {
 public:
  using Clock = RelayLedger::Clock;
  // A publisher of its own, so that giving it up gives up what is on its way and nothing else.
  using MakePublisher = std::function<std::unique_ptr<route::Publisher>()>;

  // Connects to nothing. `health` outlives it.
  Relay(RelaySettings settings, MakePublisher make_publisher, RelayTable::MakeLetter letter,
        observe::Health& health);
  ~Relay();  // after stop(), or where it was never started

  void start();
  void wake() { mailbox_.wake(); }  // rows were committed; any thread, cheap
  // Publishes what is there, at most until the deadline, and lets another host go on at once.
  void stop(std::chrono::milliseconds deadline);

  // A few seconds old; nullopt: another host relays, or it could not be looked at. Any thread.
  std::optional<Backlog> backlog() const;

 private:
  void run();
  void serve();
  bool become_relay(RelayTable& table);
  void relay_rows(RelayTable& table);
  void publish(std::vector<OutboxRow> rows);
  void hand_over(OutboxRow row);
  void collect();
  void wait(std::size_t found);
  void recall_old();
  void look_at_backlog(RelayTable& table);
  void finish(RelayTable& table);
  bool drained(std::size_t found) const;
  void report(bool ready, const char* state, const std::string& reason = {});

  const RelaySettings settings_;
  const MakePublisher make_publisher_;
  const RelayTable::MakeLetter letter_;
  observe::Health& health_;
  const std::string process_;  // this run of this relay, told from all others

  RelayMailbox mailbox_;
  mutable std::mutex mutex_;  // guards the two below
  Clock::time_point deadline_ = Clock::time_point::max();
  std::optional<Backlog> backlog_;

  // Held while rows are handed to the publisher. Whoever reports a failure waits for that and so
  // holds the publisher up, which takes nothing before everything that failed is reported: what is
  // handed over next is chosen by somebody who knows of it.
  std::mutex handing_mutex_;

  // The thread's own.
  std::thread::id self_;
  Clock::time_point quiet_at_{};  // until then records of before may arrive
  // And made anew with each connection.
  std::unique_ptr<route::Publisher> publisher_;
  RelayLedger ledger_;
  RelayResults results_;
  std::chrono::milliseconds poll_{0};  // until the next read that nobody asks for
  bool failed_at_once_ = false;        // a report was posted within publish()
  bool recalling_ = false;  // until all of it has come back nothing goes out that was behind it
  Clock::time_point next_round_{};
  Clock::time_point next_recall_{};
  Clock::time_point next_look_{};
  std::thread thread_;
};

}  // namespace gantry::outbox
