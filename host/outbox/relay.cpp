#include "outbox/relay.hpp"

#include <pthread.h>

#include <algorithm>
#include <random>
#include <utility>

#include "observe/log.hpp"
#include "outbox/database_error.hpp"
#include "outbox/fault_point.hpp"

namespace gantry::outbox {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kReadRows = 1000;
constexpr std::size_t kReadBytes = 4 * 1024 * 1024;
constexpr std::size_t kWindowRows = 4000;  // on their way
constexpr std::size_t kWindowBytes = 16 * 1024 * 1024;
constexpr milliseconds kShortestPoll{5};
constexpr milliseconds kLongestPoll{200};  // for rows of other hosts, which can't wake this one
constexpr milliseconds kRound{20};         // from one that published to the next
constexpr milliseconds kTryAgain{1000};
constexpr milliseconds kRecallEvery{1000};
constexpr milliseconds kLookEvery{5000};
constexpr milliseconds kLastReports{2000};

std::string random_name() {
  std::random_device random;
  return std::to_string(random()) + "-" + std::to_string(random());
}

}  // namespace

Relay::Relay(RelaySettings settings, MakePublisher make_publisher, RelayTable::MakeLetter letter,
             observe::Health& health)
    : settings_(std::move(settings)),
      make_publisher_(std::move(make_publisher)),
      letter_(std::move(letter)),
      health_(health),
      process_(random_name()) {}

Relay::~Relay() { stop(milliseconds{0}); }

void Relay::start() {
  report(false, "waiting", "not connected yet");
  thread_ = std::thread{&Relay::run, this};
  pthread_setname_np(thread_.native_handle(), "outbox-relay");
}

void Relay::stop(milliseconds deadline) {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock{mutex_};
    deadline_ = Clock::now() + deadline;
  }
  mailbox_.begin_end();
  thread_.join();
  report(false, "stopped");
}

std::optional<Backlog> Relay::backlog() const {
  const std::lock_guard lock{mutex_};
  return backlog_;
}

void Relay::report(bool ready, const char* state, const std::string& reason) {
  health_.report("outbox:" + settings_.database, ready, state, reason);
}

void Relay::run() {
  self_ = std::this_thread::get_id();
  do {
    try {
      serve();
    } catch (const std::exception& error) {
      std::string reason = error.what();
      if (reason.find("42P01") != std::string::npos) reason += "; run `gantry db apply`";
      report(false, "waiting", "database \"" + settings_.database + "\": " + reason);
    }
    // Without the lock nothing of this host may go out any more. All that is on its way has been
    // reported when this returns; what a socket has taken may arrive all the same.
    if (ledger_.in_flight() > 0) quiet_at_ = Clock::now() + settings_.message_timeout;
    publisher_.reset();
    mailbox_.take();
    ledger_ = {};
    results_ = {};
    recalling_ = false;
    const std::lock_guard lock{mutex_};
    backlog_.reset();
  } while (!mailbox_.wait_for_end(kTryAgain));
}

void Relay::serve() {
  RelayTable table(settings_.dsn, settings_.host, process_, letter_);
  if (!become_relay(table)) return;
  publisher_ = make_publisher_();
  relay_rows(table);
  finish(table);
}

bool Relay::become_relay(RelayTable& table) {
  RelayTable::Taken taken = RelayTable::Taken::other;
  while ((taken = table.take()) == RelayTable::Taken::other) {
    report(true, "standby", "another host relays this database");
    if (mailbox_.wait_for_end(kTryAgain)) return false;
  }
  if (taken == RelayTable::Taken::unclean) quiet_at_ = Clock::now() + settings_.message_timeout;
  if (const auto left = quiet_at_ - Clock::now(); left > Clock::duration{0}) {
    report(false, "taking_over",
           "the relay before this one died, or lost the database; waiting until nothing of it can "
           "be on its way");
    if (mailbox_.wait_for_end(std::chrono::ceil<milliseconds>(left))) return false;
  }
  log::info("outbox", "relaying", {{"database", settings_.database}});
  report(true, "running");
  return true;
}

void Relay::relay_rows(RelayTable& table) {
  for (;;) {
    const bool room = !recalling_ && ledger_.in_flight() <= kWindowRows - kReadRows &&
                      ledger_.bytes_in_flight() <= kWindowBytes - kReadBytes;
    const std::size_t asked = room ? kReadRows : 0;
    if (!results_.acknowledged.empty()) fault_point("outbox.before-delete");
    const auto now = Clock::now();
    std::vector<OutboxRow> rows = table.exchange(
        results_, room ? ledger_.exclusions(now) : RelayLedger::Exclusions{}, asked, kReadBytes);
    results_ = {};
    const std::size_t found = rows.size();
    if (room && found == 0) ledger_.none_left(now);
    if (found > 0) fault_point("outbox.before-publish");
    publish(std::move(rows));
    if (found > 0 && found < kReadRows) publisher_->flush();
    if (found > 0) next_round_ = Clock::now() + kRound;
    if (drained(found)) return;
    look_at_backlog(table);
    recall_old();
    wait(found);
    collect();
  }
}

void Relay::publish(std::vector<OutboxRow> rows) {
  const std::lock_guard handing{handing_mutex_};
  collect();  // what has failed since holds rows of its key back
  for (OutboxRow& row : rows) {
    if (!row.readable) {
      results_.refused.push_back({row.id, "the column headers is not what gantry/outbox.hpp says"});
      continue;
    }
    hand_over(std::move(row));
    if (std::exchange(failed_at_once_, false)) collect();
  }
}

void Relay::hand_over(OutboxRow row) {
  if (!ledger_.admit({row.id, row.record.topic, row.record.key, row.bytes()}, Clock::now())) return;
  row.record.alone = ledger_.goes_alone(row.id);
  publisher_->publish(std::move(row.record), [this, id = row.id](const auto& result) {
    std::unique_lock<std::mutex> nothing_between;
    if (result.status == route::PublishStatus::failed) {
      if (std::this_thread::get_id() == self_)
        failed_at_once_ = true;
      else
        nothing_between = std::unique_lock{handing_mutex_};
    }
    mailbox_.post({id, result});
  });
}

void Relay::collect() {
  const auto now = Clock::now();
  for (RelayMailbox::Report& report : mailbox_.take()) {
    auto& [id, result] = report;
    switch (result.status) {
      case route::PublishStatus::acknowledged:
        ledger_.answered(id, now);
        results_.acknowledged.push_back(id);
        break;
      case route::PublishStatus::refused:
        ledger_.answered(id, now);
        log::error("outbox", "the brokers refuse a record for good; it becomes a dead letter",
                   {{"database", settings_.database}, {"id", id}, {"error", result.error}});
        results_.refused.push_back({id, std::move(result.error)});
        break;
      case route::PublishStatus::failed:
        ledger_.failed(id, now, result.error, result.suspect);
        results_.failed.push_back({id, std::move(result.error)});
    }
  }
  if (ledger_.in_flight() == 0) recalling_ = false;
  if (ledger_.trouble().empty())
    report(true, "running");
  else
    report(false, "holding", ledger_.trouble() + "; records wait in gantry_outbox");
}

// With a full page found there may be more; else the waits grow. Somebody who wakes it waits for
// nothing of this, but under load its rows go out in rounds: a record by itself costs the brokers
// as much as a batch, and librdkafka sends nothing of a partition while its last batch is on its
// way, but keeps a core busy waiting for that. So a broker that is slow has half a second (with the
// usual time-out); one that does not answer holds nobody else's rows.
void Relay::wait(std::size_t found) {
  if (found == kReadRows || !results_.empty()) return;
  poll_ = found > 0 ? kShortestPoll : std::clamp(poll_ * 2, kShortestPoll, kLongestPoll);
  auto until = Clock::now() + poll_;
  if (const auto due = ledger_.next_due()) until = std::min(until, *due);
  mailbox_.wait(until, next_round_,
                {std::min(kReadRows, ledger_.in_flight()), settings_.message_timeout / 20});
}

// Before the publisher gives up single records: what it has not sent comes back all together, so
// that a record never goes out although an earlier one of its key has just been given up.
void Relay::recall_old() {
  const auto oldest = ledger_.oldest();
  const auto now = Clock::now();
  if (!oldest || now - *oldest < settings_.message_timeout * 8 / 10 || now < next_recall_) return;
  next_recall_ = now + kRecallEvery;
  recalling_ = true;
  publisher_->recall();
}

void Relay::look_at_backlog(RelayTable& table) {
  if (Clock::now() < next_look_) return;
  next_look_ = Clock::now() + kLookEvery;
  const Backlog now = table.backlog();
  if (now.held > 0 && now.held != backlog().value_or(Backlog{}).held)
    log::error("outbox", "rows are held: the brokers refuse them and their dead letters for good",
               {{"database", settings_.database}, {"rows", now.held}});
  const std::lock_guard lock{mutex_};
  backlog_ = now;
}

bool Relay::drained(std::size_t found) const {
  if (!mailbox_.ending()) return false;
  const std::lock_guard lock{mutex_};
  return Clock::now() >= deadline_ || (found == 0 && ledger_.in_flight() == 0 && results_.empty());
}

// Nothing new any more. Only if everything has come back by itself is nothing on its way.
void Relay::finish(RelayTable& table) {
  publisher_->recall();
  for (const auto until = Clock::now() + kLastReports;
       ledger_.in_flight() > 0 && Clock::now() < until;) {
    mailbox_.wait(until, {}, {ledger_.in_flight(), settings_.message_timeout / 20});
    collect();
  }
  const bool in_order = ledger_.in_flight() == 0;
  publisher_.reset();
  collect();
  table.exchange(results_, {}, 0, 0);
  results_ = {};
  if (in_order) table.release();
}

}  // namespace gantry::outbox
