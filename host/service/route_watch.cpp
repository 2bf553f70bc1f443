#include "service/route_watch.hpp"

#include <algorithm>
#include <chrono>

#include "observe/log.hpp"
#include "route/message/replayed.hpp"

namespace gantry::service {
namespace {

constexpr std::chrono::milliseconds kAnswerWithin{2'000};
constexpr std::chrono::milliseconds kLookEvery{2'000};

config::Config kafka_of(const config::Config& config) {
  config::Config kafka;
  kafka.name = config.name;
  kafka.kafka = config.kafka;
  return kafka;
}

}  // namespace

RouteWatch::RouteWatch(const config::Config& config, const RouteBoard& board,
                       observe::Health& health)
    : config_(kafka_of(config)), board_(board), health_(health), thread_(&RouteWatch::run, this) {}

RouteWatch::~RouteWatch() {
  {
    const std::lock_guard lock{mutex_};
    stop_ = true;
  }
  ends_changed_.notify_all();
  thread_.join();
}

void RouteWatch::run() {
  std::unique_lock lock{mutex_};
  while (!stop_) {
    lock.unlock();
    const auto routes = board_.facts();
    try {
      look(routes);
    } catch (const std::exception& error) {
      // Whoever works with the brokers tells that they are away.
      log::debug("service", "the ends of partitions are not known for now",
                 {{"error", error.what()}});
    }
    announce_replays(routes);
    note_rates(routes);
    look_for_stalls(routes);
    lock.lock();
    ends_changed_.wait_for(lock, kLookEvery, [this] { return stop_; });
  }
}

void RouteWatch::look(const std::map<std::string, RouteFacts>& routes) {
  std::set<kafka::TopicPartition> assigned;
  std::set<kafka::TopicPartition> fresh;
  for (const auto& [name, facts] : routes) {
    if (facts.group.empty()) continue;
    for (const route::PartitionNumbers& one : facts.numbers.partitions) {
      assigned.insert({one.topic, one.number});
      if (one.position < 0) fresh.insert({one.topic, one.number});
    }
  }
  if (assigned.empty()) return;
  if (offsets_ == nullptr) offsets_ = std::make_unique<kafka::Offsets>(config_);
  kafka::OffsetsOf ends = offsets_->ends(assigned, kAnswerWithin);
  kafka::OffsetsOf begins = offsets_->begins(fresh, kAnswerWithin);
  const std::lock_guard lock{mutex_};
  ends.merge(ends_);  // of those whose leader did not say
  ends_.swap(ends);
  begins_.swap(begins);
}

// Where the end is not known there may be some.
void RouteWatch::announce_replays(const std::map<std::string, RouteFacts>& routes) const {
  for (const auto& [name, facts] : routes) {
    if (facts.replays_expected == nullptr) continue;
    const std::string topic = route::replay_topic(name);
    *facts.replays_expected = std::ranges::any_of(facts.numbers.partitions, [&](const auto& one) {
      return one.topic == topic && lag(one) != 0;
    });
  }
}

std::optional<std::int64_t> RouteWatch::lag(const route::PartitionNumbers& partition) const {
  const kafka::TopicPartition key{partition.topic, partition.number};
  const std::lock_guard lock{mutex_};
  const auto end = ends_.find(key);
  if (end == ends_.end()) return std::nullopt;
  std::int64_t from = partition.position;
  if (from < 0) {
    const auto begin = begins_.find(key);
    if (begin == begins_.end()) return std::nullopt;
    from = begin->second;
  }
  return std::max<std::int64_t>(end->second - from, 0);
}

std::optional<std::int64_t> RouteWatch::lag(const route::Numbers& numbers) const {
  std::int64_t all = 0;
  for (const route::PartitionNumbers& one : numbers.partitions) {
    const auto behind = lag(one);
    if (!behind) return std::nullopt;
    all += *behind;
  }
  return all;
}

bool RouteWatch::stalled(const std::string& route) const {
  const std::lock_guard lock{mutex_};
  return stalled_.contains(route);
}

std::optional<Rates> RouteWatch::rates(const std::string& route) const {
  const std::lock_guard lock{mutex_};
  const auto found = rates_.find(route);
  return found == rates_.end() ? std::nullopt : found->second.rates();
}

void RouteWatch::note_rates(const std::map<std::string, RouteFacts>& routes) {
  const route::Time now = route::Clock::now();
  const std::lock_guard lock{mutex_};
  std::erase_if(rates_, [&](const auto& one) { return !routes.contains(one.first); });
  for (const auto& [name, facts] : routes) rates_[name].add(facts.numbers.counts, now);
}

void RouteWatch::look_for_stalls(const std::map<std::string, RouteFacts>& routes) {
  const route::Time now = route::Clock::now();
  std::set<std::string> gone = stalled_;  // this thread alone changes it
  for (const auto& [name, facts] : routes) {
    if (facts.group.empty()) continue;
    const auto behind = lag(facts.numbers);
    if (!behind) {
      gone.erase(name);
      continue;
    }
    Stall& stall = stalls_[name];
    const Stall::Seen seen{.assigned = !facts.numbers.partitions.empty() && !facts.paused,
                           .lag = *behind,
                           .settled = facts.numbers.counts.settled};
    if (!stall.look(seen, facts.stall_after, now)) continue;
    gone.erase(name);
    if (!stalled_.contains(name)) set_stalled(facts, *behind, stall);
  }
  for (const std::string& name : gone) {
    log::info("service", "the route is not stalled any more", {{"route", name}});
    health_.forget("stall:" + name);
    const std::lock_guard lock{mutex_};
    stalled_.erase(name);
  }
}

void RouteWatch::set_stalled(const RouteFacts& facts, std::int64_t lag, const Stall& stall) {
  const route::Dispatcher::Status& status = facts.numbers.status;
  health_.report("stall:" + facts.name, false, "stalled",
                 "the lag has grown from " + std::to_string(stall.lag_before()) + " to " +
                     std::to_string(lag) + " and nothing has settled for " +
                     std::to_string(facts.stall_after.count()) + " ms; " +
                     std::to_string(status.in_hands) + " messages are in the handler's hands, " +
                     std::to_string(status.ready) + " keys wait for a lane, " +
                     std::to_string(status.parked) + " for a retry");
  const std::lock_guard lock{mutex_};
  stalled_.insert(facts.name);
}

}  // namespace gantry::service
