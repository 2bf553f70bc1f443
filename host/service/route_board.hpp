// The routes that this host has at the moment, for whoever tells people about them: each puts
// itself on the board when it begins and takes itself off when it ends. Outlives the routes. Any
// thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "route/dispatch/numbers.hpp"

namespace gantry::service {

// What one route tells of itself at one moment.
struct RouteFacts {
  std::string name;
  std::string handler;
  std::string source;  // "trace-topic, coupon-topic" or "POST /payments"
  std::string group;   // empty where the source is HTTP
  config::Milliseconds stall_after{0};
  bool paused = false;
  route::Numbers numbers;
  std::map<std::string, std::uint64_t> misbehaviour;  // by kind
  // To be told by who looks at the ends of partitions; nullptr where the source is HTTP.
  std::shared_ptr<std::atomic<bool>> replays_expected;
};

class RouteBoard {
 public:
  using Tell = std::function<RouteFacts()>;  // any thread, at once

  // Takes the route off when it is destroyed; waits for who is reading it.
  class Listing {
   public:
    Listing(RouteBoard& board, Tell tell);
    ~Listing();
    Listing(const Listing&) = delete;
    Listing& operator=(const Listing&) = delete;

   private:
    RouteBoard& board_;
    std::list<Tell>::iterator at_;
  };

  // By name; where a route that ends has the name of a new one, the new one.
  std::map<std::string, RouteFacts> facts() const;

 private:
  mutable std::mutex mutex_;
  std::list<Tell> tells_;
};

}  // namespace gantry::service
