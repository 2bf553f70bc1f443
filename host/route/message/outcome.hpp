// What became of a delivery, in the host's own words: a copy of the plugin's gantry_outcome.
#pragma once

#include <gantry/abi.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "route/message/dead_letter.hpp"
#include "route/message/delivery.hpp"

namespace gantry::route {

constexpr gantry_verdict kUnsettled = -1;  // the handler has not said yet
constexpr gantry_verdict kNotRun = -2;     // the handler was never asked; it goes back
constexpr gantry_verdict kTimedOut = -3;   // the handler let its deadline pass: counted as a retry

struct Outcome {
  gantry_verdict verdict = kUnsettled;
  std::uint32_t retry_after_ms = 0;
  std::uint32_t group = 1;  // how many messages share this verdict; only a failure alone counts
  std::string reason;
  std::string error_class;

  // Copies what the plugin wrote; text is cut at 1,000 bytes.
  void assign(const gantry_outcome& from);
  void reset();
};

// What one lane holds at a time. deliveries of one key stand together, in order.
struct Claim {
  std::vector<Delivery*> deliveries;
  std::vector<Outcome> outcomes;  // one each

  void clear();
  void add(Delivery* delivery);
  bool empty() const { return deliveries.empty(); }
  std::size_t size() const { return deliveries.size(); }

 private:
  std::size_t used_ = 0;
};

// A message to be written to the dead-letter topic, or a record of it that the brokers refuse. The
// delivery stays readable and untouched until the dispatcher is told what became of it.
struct DeadLetterJob {
  Delivery* delivery;
  DeadLetterCause cause;
  Outcome outcome;
  bool refused = false;  // once at least: the route holds until it is acknowledged
  std::unique_ptr<Outgoing> record = nullptr;  // of an output; not set: the message itself
};

// What a step of the dispatcher asks its caller to do once the route's mutex is free.
struct Effects {
  std::vector<DeadLetterJob> dead_letters;
  std::vector<void*> released;         // fetched messages to give back to the client
  std::vector<void*> succeeded;        // HTTP requests whose verdict is ok: given back, too
  std::vector<gantry_slot> cancelled;  // deliveries whose handler is to be told to hurry
  std::vector<std::uint32_t> cleared;  // suspects: the crash journal may forget them
  bool records = false;                // some may be sent: Dispatcher::next_record()
  bool recall = false;                 // the publisher is to give back what it has not sent

  bool empty() const {
    return dead_letters.empty() && released.empty() && succeeded.empty() && cancelled.empty() &&
           cleared.empty() && !records && !recall;
  }
};

}  // namespace gantry::route
