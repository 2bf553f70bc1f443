// A record that a handler has published for one of its messages: held with the message until it is
// settled, sent when that is ok, and gone with anything else.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "route/message/publisher.hpp"
#include "route/message/time.hpp"

namespace gantry::route {

struct Delivery;
struct SendChain;

// How much memory a route's records may take, and take. Any thread.
class Room {
 public:
  explicit Room(std::uint64_t most) : most_(most) {}

  // False: there is none now. One message at a time may go beyond the bound, `who`, until the rest
  // has made room again: else messages that do not fit together would drive each other out for
  // ever.
  bool take(std::uint64_t bytes, const Delivery* who);
  void give_back(std::uint64_t bytes);
  std::uint64_t used() const { return used_.load(std::memory_order_relaxed); }
  // Nothing new is begun.
  bool scarce() const { return used() > most_ / 2; }

 private:
  const std::uint64_t most_;
  std::atomic<std::uint64_t> used_{0};
  std::atomic<const Delivery*> beyond_{nullptr};
};

struct Outgoing {
  Outgoing(OutRecord r, Delivery* d) : record(std::move(r)), delivery(d) {}
  ~Outgoing() {
    if (room != nullptr) room->give_back(bytes);
  }
  Outgoing(const Outgoing&) = delete;
  Outgoing& operator=(const Outgoing&) = delete;

  OutRecord record;  // the publisher has it while it is in flight
  Delivery* const delivery;
  Room* room = nullptr;
  std::uint64_t bytes = 0;  // taken of it
  Time settled{};           // its message

  // SendOrder's
  SendChain* chain = nullptr;
  Outgoing* before = nullptr;  // in its chain
  Outgoing* after = nullptr;
  std::uint64_t number = 0;  // in the order of add()
  bool in_flight = false;
  Time since{};               // it is in flight
  Outgoing* older = nullptr;  // in flight
  Outgoing* newer = nullptr;
};

// What a record takes of message.max.bytes: key, value and headers as the protocol writes them.
std::size_t wire_size(const OutRecord& record);

}  // namespace gantry::route
