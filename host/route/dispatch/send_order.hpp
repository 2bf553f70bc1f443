// The records on their way to a route's outputs, and which of them may go next: those of one
// (topic, key) reach the brokers in the order in which their messages were settled, whatever fails.
// Pure: time is passed in. Guarded by the route's mutex.
//
// While all is well the records of a key go out one behind the other. Once one has failed, its key
// is in trouble: what was under way comes back, and the key goes on from the first that has not got
// through, one record at a time, until one has. The keys of a topic that are in trouble wait
// together while one of them asks. A record without a key is in nobody's way.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "route/message/outgoing.hpp"
#include "route/message/time.hpp"

namespace gantry::route {

struct SendTopic;

// The records of one (topic, key), or one that has no key.
struct SendChain {
  enum State : std::uint8_t { idle, ready, waiting };
  std::uint64_t hash = 0;
  SendTopic* topic = nullptr;
  Outgoing* head = nullptr;
  Outgoing* tail = nullptr;
  Outgoing* unsent = nullptr;  // the first that is not in flight
  std::size_t in_flight = 0;
  State state = idle;
  bool shared = false;    // found by hash
  bool troubled = false;  // one has failed, and none has got through since
  bool alone_in_flight = false;
  bool asks = false;  // for the others of its topic
};

struct SendTopic {
  std::deque<SendChain*> waiting;  // in trouble, nothing in flight
  Milliseconds backoff{0};
  Time until{};
  bool asked = false;  // by one that is ready or in flight
};

class SendOrder {
 public:
  static constexpr Milliseconds kFirstBackoff{200};
  static constexpr Milliseconds kLastBackoff{1'000};
  // Then a publisher gives a record up by itself, and
  static constexpr Milliseconds kMessageTimeout{10'000};
  // before that everything that it has not sent is to be recalled, so that no record goes out
  // although an earlier one of its key has just been given up.
  static constexpr Milliseconds kRecallAfter{8'000};
  static constexpr Milliseconds kRecallEvery{1'000};
  static constexpr std::size_t kMostInFlight = 10'000;

  SendOrder() = default;
  SendOrder(const SendOrder&) = delete;
  SendOrder& operator=(const SendOrder&) = delete;
  ~SendOrder();

  // Behind those of its key.
  void add(std::unique_ptr<Outgoing> outgoing);
  // The next to be sent, in flight from now on. nullptr: none now.
  Outgoing* next(Time now);

  // ---- what became of one in flight; it is the caller's then
  // Acknowledged, or refused for good: its key goes on.
  std::unique_ptr<Outgoing> through(Outgoing* sent, Time now) { return land(sent, true, now); }
  // It failed, and nobody wants it any more.
  std::unique_ptr<Outgoing> given_up(Outgoing* sent, Time now) { return land(sent, false, now); }
  // It failed and goes again; the record has been put back into it.
  void failed(Outgoing* sent, Time now, const std::string& error);

  // In flight and never handed to the publisher.
  void put_back(Outgoing* unsent);

  // Gives everything away that is not in flight.
  void drop_waiting(const std::function<void(std::unique_ptr<Outgoing>)>& take);

  // ---- time
  std::optional<Time> next_due() const;
  bool tick(Time now);  // true: recall what is not sent
  // The publisher is told to give back what it has not sent. Until everything has come back nothing
  // goes out: it would overtake what is given back and not reported yet. False: nothing is there.
  bool begin_recall();

  bool empty() const { return count_ == 0; }
  std::size_t size() const { return count_; }
  std::size_t in_flight() const { return in_flight_; }
  bool ready() const { return !ready_.empty() && in_flight_ < kMostInFlight && !recalling_; }
  // Why something waits; empty: nothing is in trouble.
  const std::string& trouble() const { return trouble_; }

 private:
  static bool sendable(const SendChain& chain) {
    return chain.unsent != nullptr &&
           (chain.in_flight == 0 ||
            !(chain.troubled || chain.alone_in_flight || chain.unsent->record.alone));
  }
  SendChain* chain_of(const OutRecord& record);
  void make_ready(SendChain* chain);
  void unlink(Outgoing* outgoing);
  void take_off(Outgoing* sent, Time now);
  void come_down(Outgoing* sent);
  std::unique_ptr<Outgoing> land(Outgoing* sent, bool well, Time now);
  void go_on(SendChain* chain, bool well, Time now);
  void wait(SendChain* chain, Time now);
  void out_of_trouble(SendChain* chain);
  void erase(SendChain* chain);
  std::optional<Time> recall_at() const;

  std::map<std::string, SendTopic> topics_;
  boost::unordered_flat_map<std::uint64_t, SendChain*> by_hash_;
  std::deque<SendChain> pool_;  // stable addresses
  std::vector<SendChain*> free_;
  std::deque<SendChain*> ready_;  // may name some that are not any more
  Outgoing* oldest_ = nullptr;    // in flight
  Outgoing* newest_ = nullptr;
  bool recalling_ = false;
  Time next_recall_{};
  std::uint64_t added_ = 0;
  std::size_t count_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t troubled_ = 0;  // chains
  std::string trouble_;
};

}  // namespace gantry::route
