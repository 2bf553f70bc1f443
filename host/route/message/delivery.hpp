// One message on its way through a route, from the partition queue to its settlement. Pooled: a
// Delivery's memory lives as long as its route. Guarded by the route's mutex, except that a lane
// reads `message` of what it has claimed.
#pragma once

#include <gantry/abi.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "route/message/dead_letter.hpp"
#include "route/message/outgoing.hpp"

namespace gantry::route {

struct Key;
struct Partition;

// Gives a fetched message back to the client library. Any thread.
using Release = void (*)(void* fetched);

// Headers of a fetched message that are not read yet, since its handler does not look at them.
struct UnreadHeaders {
  // Any thread; what it puts there lives as long as the fetched message.
  void (*read)(const void* record, std::vector<gantry_header>& into) = nullptr;  // nullptr: none
  const void* record = nullptr;
};

// What of a Delivery owns nothing: a new one has these values.
struct DeliveryState {
  void* fetched = nullptr;  // the client's own message, whose memory `message` points into
  TimestampType timestamp_type = TimestampType::none;
  std::int32_t topic_header = -1;  // of a replayed record: which header message.topic points into
  std::uint32_t bytes = 0;         // key, value and headers; about, where those are not read
  UnreadHeaders unread;
  std::int64_t log_offset = -1;  // in its partition; of a replayed record not the message's

  Partition* partition = nullptr;
  std::uint32_t epoch = 0;     // of the assignment it came with
  std::uint64_t sequence = 0;  // in its partition's frontier
  Key* key = nullptr;
  Delivery* next = nullptr;  // behind it, of the same key

  std::uint32_t attempts = 0;     // counted failures so far
  std::uint32_t batch_limit = 0;  // 0: not suspect; n: only in batches of at most n such messages
  // 1 + the route's successes when it last was unavailable; 0: never.
  std::uint64_t unavailable_at = 0;
  std::uint32_t unavailable_strikes = 0;
  std::uint32_t suspect = 0;  // 1 + its number in the crash journal: handled alone; 0: it is none
  std::uint32_t crashes = 0;  // of the process, while it was handled alone
  std::uint32_t unsent = 0;   // settled, and so many records or dead letters have to get through
  bool in_hands = false;      // a handler may be reading `message`
  bool aged = false;          // to be copied if it comes back: it has been here for long
  bool probe = false;         // asks whether a dependency is back
  bool withdrawn = false;  // an HTTP request whose client is gone: its verdict counts for nothing
  bool refused = false;  // an HTTP request that has its answer, which is no reply of the handler's
  bool no_room = false;  // a record of its last call did not find room; guarded as `records`
};

struct Delivery : DeliveryState {
  gantry_message message{};  // what the handler sees; slot 0 while it is not in a handler's hands
  std::vector<gantry_header> headers;  // message.headers points here
  std::unique_ptr<char[]> copy;  // or a copy of key, value and headers, which holds no fetch buffer
  // Published for it and not sent: goes out when it is settled ok. Of a message in a call of its
  // lane, that lane's thread alone touches it.
  std::vector<std::unique_ptr<Outgoing>> records;
};

std::size_t size_of(const std::vector<gantry_header>& headers);  // bytes of names and values

// For whoever looks at `headers` or the message's, but its handler. The thread that the delivery
// belongs to: the lane's while it is in a call of one, else under the mutex.
void read_headers(Delivery& delivery);

// Makes `message` point into one block of its own and gives the fetched message to `released`.
// From here on `bytes` is exact, also where it was about.
// Not while a handler has it.
void detach(Delivery& delivery, std::vector<void*>& released);

// What was published for it in a call that did not end ok.
void drop_records(Delivery& delivery);

// A second delivery of the same record, which is a copy itself, with memory of its own, for a key
// that goes on while a handler keeps the first.
void copy_record(const Delivery& from, Delivery& to);

// Back to the state of a new one, keeping the capacity of `headers`.
void clear(Delivery& delivery, std::vector<void*>& released);

}  // namespace gantry::route
