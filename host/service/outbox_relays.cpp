#include "service/outbox_relays.hpp"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "kafka/producer.hpp"
#include "route/message/dead_letter.hpp"

namespace gantry::service {
namespace {

constexpr config::Milliseconds kMessageTimeout{10'000};

kafka::ProducerSettings producer_settings(const config::Config& config,
                                          const std::string& database) {
  kafka::ProducerSettings settings =
      kafka::producer_settings(config, "outbox-" + database, kMessageTimeout);
  kafka::make_room_for_headers(settings);
  settings.in_order = true;
  // Whatever gathers in the table while records are on their way goes out together anyway.
  settings.linger = config::Milliseconds{1};
  return settings;
}

// nullopt: the route is another host's, so that nobody here knows where its dead letters go.
std::optional<route::OutRecord> dead_letter_of(const config::Config& config,
                                               const outbox::OutboxRow& row,
                                               const std::string& error) {
  const auto route = std::ranges::find(config.routes, row.route, &config::Route::name);
  if (route == config.routes.end()) return std::nullopt;
  return route::make_dead_letter(row.record, row.created_ms,
                                 {.cause = route::DeadLetterCause::send_failed,
                                  .route = row.route,
                                  .group = route->topics.empty() ? "" : route->group,
                                  .error = error,
                                  .error_class = error.substr(0, error.find(':')),
                                  .attempts = 1,
                                  .timestamp_type = route::TimestampType::create_time},
                                 route->dead_letter);
}

}  // namespace

OutboxRelays::OutboxRelays(std::shared_ptr<const config::Config> with, observe::Health& health)
    : config_(std::move(with)) {
  const config::Config& config = *config_;
  for (const std::string& name : config.outbox_databases)
    relays_[name] = std::make_unique<outbox::Relay>(
        outbox::RelaySettings{.database = name,
                              .dsn = config.databases.at(name).dsn,
                              .host = config.name,
                              .message_timeout = kMessageTimeout},
        [this, name] {
          return std::make_unique<kafka::Producer>(producer_settings(*current(), name));
        },
        [this](const outbox::OutboxRow& row, const std::string& error) {
          return dead_letter_of(*current(), row, error);
        },
        health);
  if (config.outbox_databases.empty()) return;
  const std::string& first = config.outbox_databases.front();
  letters_ = std::make_unique<outbox::LetterBox>(config.databases.at(first).dsn,
                                                 [&relay = *relays_.at(first)] { relay.wake(); });
}

void OutboxRelays::use(std::shared_ptr<const config::Config> config) {
  const std::lock_guard lock{mutex_};
  config_ = std::move(config);
}

std::shared_ptr<const config::Config> OutboxRelays::current() const {
  const std::lock_guard lock{mutex_};
  return config_;
}

void OutboxRelays::store(const std::string& route, route::OutRecord letter,
                         outbox::LetterBox::Done done) {
  if (letters_ == nullptr) return done(false, "no outbox is configured");
  letters_->store(route, std::move(letter), std::move(done));
}

std::map<std::string, outbox::Backlog> OutboxRelays::backlogs() const {
  std::map<std::string, outbox::Backlog> known;
  for (const auto& [name, relay] : relays_)
    if (const auto backlog = relay->backlog()) known.try_emplace(name, *backlog);
  return known;
}

void OutboxRelays::start() {
  for (auto& [name, relay] : relays_) relay->start();
}

void OutboxRelays::stop(config::Milliseconds deadline) {
  if (letters_ != nullptr) letters_->close();
  std::vector<std::thread> stopping;
  for (auto& [name, relay] : relays_)
    stopping.emplace_back([&relay = *relay, deadline] { relay.stop(deadline); });
  for (std::thread& one : stopping) one.join();
}

std::function<void()> OutboxRelays::bell_of(const config::Route& route) {
  std::vector<outbox::Relay*> woken;
  for (const auto& [name, setting] : route.settings)
    if (const auto found = relays_.find(setting.database); found != relays_.end())
      woken.push_back(found->second.get());
  return [woken = std::move(woken)] {
    for (outbox::Relay* relay : woken) relay->wake();
  };
}

}  // namespace gantry::service
