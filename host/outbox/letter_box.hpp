// Where dead letters go that their topic does not take for now, or never: into gantry_outbox, from
// where the relay sends them when it can. Owned by the service, one for all routes; a thread of its
// own writes.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "route/message/publisher.hpp"

namespace gantry::outbox {

class LetterBox {
 public:
  // On the letter box's thread, or within store() once it is closed.
  using Done = std::function<void(bool stored, const std::string& error)>;

  // Connects when there is something to write. `stored`: rows are there to be relayed.
  LetterBox(std::string dsn, std::function<void()> stored);
  ~LetterBox();  // closes
  LetterBox(const LetterBox&) = delete;
  LetterBox& operator=(const LetterBox&) = delete;

  // Any thread, never blocks. `done` is told that the row is committed, or that it is not: then the
  // letter is still the caller's.
  void store(std::string route, route::OutRecord letter, Done done);

  // Writes what it has got; each `done` has run on return. From here on nothing is taken.
  void close();

 private:
  struct Letter {
    std::string route;
    route::OutRecord record;
    Done done;
  };
  void run();
  std::string write(const std::vector<Letter>& letters);  // what went wrong; empty: nothing

  struct Connection;
  const std::string dsn_;
  const std::function<void()> stored_;
  std::unique_ptr<Connection> connection_;  // the thread's own
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Letter> waiting_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace gantry::outbox
