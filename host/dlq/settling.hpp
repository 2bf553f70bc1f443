// Replays and discards letters: publishes each copy, and only when the brokers have it writes down
// that its letter is settled. At most so many are on their way. Owned by the command and used on
// its thread; the publisher's thread tells it what became of each.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>

#include "dlq/letter.hpp"
#include "dlq/settled.hpp"
#include "route/message/publisher.hpp"

namespace gantry::dlq {

class Settling {
 public:
  // by: "alice@ops-1". The publisher outlives it.
  Settling(route::Publisher& publisher, std::string by);
  ~Settling();  // after finish()
  Settling(const Settling&) = delete;
  Settling& operator=(const Settling&) = delete;

  // Both wait while too many are on their way. False: something has failed, so that nothing more is
  // begun; what is not settled then is found again the next time.
  bool replay(const Letter& letter, route::OutRecord copy);
  bool settle(const Letter& letter, Action action);  // without a copy, or with one that is there
  void forget(const std::string& dead_letter_topic, const std::string& key);
  void finish();  // waits until nothing is on its way

  struct Counts {
    std::size_t settled = 0;
    std::size_t refused = 0;  // by the brokers, for good; the letter stays
    std::string refusal;      // of the first
    std::string error;        // what has failed first; empty: nothing
  };
  Counts counts() const;

 private:
  bool make_room(std::size_t bytes);
  void mark(route::OutRecord record, std::size_t bytes);
  void answered(const route::PublishResult& result, bool is_mark, std::size_t bytes);

  route::Publisher& publisher_;
  const std::string by_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Counts counts_;
  std::size_t on_their_way_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace gantry::dlq
