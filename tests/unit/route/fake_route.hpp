// A route with real threads between a topic and a handler that a test writes by hand. The handler
// is one function for all lanes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "route/route.hpp"
#include "unit/route/engine.hpp"

namespace gantry::route {

// Polls until it holds; false when it never does.
bool eventually(const std::function<bool()>& predicate,
                std::chrono::milliseconds timeout = std::chrono::seconds{60});

// A door that threads wait at until a test opens it.
class Gate {
 public:
  void open();
  void wait();
  int waiting() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
  int waiting_ = 0;
};

class FakeRoute {
 public:
  using Messages = std::span<const gantry_message* const>;
  using Handle = std::function<void(Messages, gantry_outcome& rest)>;

  // adjust: the last word on what the route is made of.
  FakeRoute(HandlerTraits traits, int lanes, Handle handle, config::Route config = make_route(),
            Publisher* outputs = nullptr, const std::function<void(RouteParts&)>& adjust = {});
  // After stop() returned true, or never: see leave_alone().
  ~FakeRoute();

  // Records of these keys at the end of a partition's log.
  void produce(std::int32_t partition, const std::vector<std::string>& keys);
  // Nothing more comes of it, from here on.
  void end(std::int32_t partition, std::string why);
  void assign(std::vector<std::int32_t> partitions);  // from the committed offsets
  void commit(std::vector<Offset> offsets);
  void write_metadata(std::int32_t partition, std::string metadata);  // over the commit's own
  std::int64_t committed(std::int32_t partition);
  bool all_committed();  // asks the route, too
  std::string state();   // as last reported to health
  std::set<gantry_slot> cancelled();
  int instances() const { return instances_; }

  std::function<void(gantry_slot)> on_cancel = [](gantry_slot) {};
  std::function<void(const DeadLetterJob&, RouteParts::Done)> on_dead_letter;
  std::unique_ptr<Route> route;

 private:
  class Queue;
  class Instance;

  const Handle handle_;
  std::atomic<int> instances_{0};
  std::mutex mutex_;  // guards what follows
  std::map<std::int32_t, std::vector<std::string>> log_;
  std::map<std::int32_t, std::int64_t> committed_;
  std::map<std::int32_t, std::string> metadata_;
  std::map<std::int32_t, std::string> ended_;
  std::string state_;
  std::set<gantry_slot> cancelled_;
};

// A route whose handler hangs is never destroyed; still reachable, it is no leak.
void leave_alone(std::unique_ptr<FakeRoute> route);

// What the routes of this program hold of fetched messages.
FetchedRecords& fetched_records();

}  // namespace gantry::route
