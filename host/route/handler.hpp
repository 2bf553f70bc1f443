// What a lane needs of a handler, and what a handler's late calls need of a route. plugin/
// implements the first over the C ABI, tests implement it in a few lines.
#pragma once

#include <gantry/abi.h>

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace gantry::route {

// One lane's handler. handle() is called by the lane's thread alone and never throws.
class HandlerInstance {
 public:
  // [setup] Destroys the plugin's instance; never while handle() runs.
  virtual ~HandlerInstance() = default;
  // rest: OK on entry; its texts stay valid until the next call on this instance.
  virtual void handle(std::span<const gantry_message* const> messages, gantry_outcome& rest) = 0;
  virtual void cancel(gantry_slot slot) = 0;  // any thread; also slots of other instances
  // [setup] No handle() runs or follows.
  virtual void drain(std::chrono::milliseconds deadline) = 0;
};

// What a handler answers to an HTTP request, checked and copied.
struct HttpReply {
  int status = 200;
  std::string content_type;  // empty: none
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
};

// Takes what a plugin settles, from any thread. False: refused (late, twice, foreign, or not a
// final verdict).
class Settler {
 public:
  virtual ~Settler() = default;
  virtual bool settle(gantry_slot slot, const gantry_outcome& outcome) = 0;
  // The answer to send when the slot is settled ok; the last one counts. False: not a request that
  // waits for it.
  virtual bool reply(gantry_slot /*slot*/, HttpReply&& /*reply*/) { return false; }
  // Shows the headers of a message that is not settled yet, within this call. False: there is no
  // such slot.
  using ReadHeaders = std::function<void(std::span<const gantry_header>)>;
  virtual bool read_headers(gantry_slot /*slot*/, const ReadHeaders& /*read*/) { return false; }
};

// What of a handler type shapes its delivery.
struct HandlerTraits {
  std::size_t max_batch = 1;         // of the handler; the route's own limit also holds
  bool may_pend = false;             // GANTRY_MAY_PEND
  bool orders_within_batch = false;  // GANTRY_ORDERS_WITHIN_BATCH
};

}  // namespace gantry::route
