// What takes time to see of the routes: how far they are behind the ends of their partitions, which
// is also how they learn of replays, how fast they work, and which of them stand still. A thread of
// its own looks every two seconds and asks the brokers: what the consumers know of the ends is as
// old as their last fetch, and a route that stands still fetches nothing. Owned by the host; ends
// before the board.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "kafka/offsets.hpp"
#include "observe/health.hpp"
#include "service/rates.hpp"
#include "service/route_board.hpp"
#include "service/stall.hpp"

namespace gantry::service {

class RouteWatch {
 public:
  // [kafka] of `config` is copied. A route that stalls is a part of `health` that is not ready,
  // "stall:NAME".
  RouteWatch(const config::Config& config, const RouteBoard& board, observe::Health& health);
  ~RouteWatch();  // may wait for an answer of the brokers, for two seconds
  RouteWatch(const RouteWatch&) = delete;
  RouteWatch& operator=(const RouteWatch&) = delete;

  // Records from the position to the end; nullopt: the end is not known (yet). Any thread.
  std::optional<std::int64_t> lag(const route::PartitionNumbers& partition) const;
  // Over all partitions of a route; nullopt: one is not known.
  std::optional<std::int64_t> lag(const route::Numbers& numbers) const;
  bool stalled(const std::string& route) const;
  std::optional<Rates> rates(const std::string& route) const;  // nullopt: not known yet

 private:
  void run();
  void look(const std::map<std::string, RouteFacts>& routes);
  void announce_replays(const std::map<std::string, RouteFacts>& routes) const;
  void note_rates(const std::map<std::string, RouteFacts>& routes);
  void look_for_stalls(const std::map<std::string, RouteFacts>& routes);
  void set_stalled(const RouteFacts& facts, std::int64_t lag, const Stall& stall);

  const config::Config config_;  // [kafka] alone
  const RouteBoard& board_;
  observe::Health& health_;
  std::unique_ptr<kafka::Offsets> offsets_;  // of the thread, as the next
  std::map<std::string, Stall> stalls_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable ends_changed_;
  bool stop_ = false;
  std::set<std::string> stalled_;
  std::map<std::string, RateWindow> rates_;
  kafka::OffsetsOf ends_;
  kafka::OffsetsOf begins_;  // of partitions of which nothing is committed
  std::thread thread_;
};

}  // namespace gantry::service
