// What a lane needs of a handler, and what a handler's late calls need of a route. plugin/
// implements the first over the C ABI, tests implement it in a few lines.
#pragma once

#include <gantry/abi.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "route/message/publisher.hpp"

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
  // Holds a record for a message that is not settled yet. `make` fills it in, within this call,
  // from the message's headers. GANTRY_DONE, what `make` says, _UNKNOWN_SLOT, _TOO_LARGE or _FULL.
  using MakeRecord = std::function<std::int32_t(std::span<const gantry_header>, OutRecord&)>;
  virtual std::int32_t publish(gantry_slot /*slot*/, const MakeRecord& /*make*/) {
    return GANTRY_UNKNOWN_SLOT;
  }
};

// What of a handler type shapes its delivery.
struct HandlerTraits {
  std::size_t max_batch = 1;         // of the handler; the route's own limit also holds
  bool may_pend = false;             // GANTRY_MAY_PEND
  bool orders_within_batch = false;  // GANTRY_ORDERS_WITHIN_BATCH
  bool reads_headers = true;         // not GANTRY_READS_NO_HEADERS
};

}  // namespace gantry::route
