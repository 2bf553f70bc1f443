// Where the relay's thread waits: for what became of its records, and for being told that there are
// rows, or that it is to end. Posted to from any thread, never blocking.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "outbox/relay_ledger.hpp"
#include "route/message/publisher.hpp"

namespace gantry::outbox {

class RelayMailbox {
 public:
  using Time = RelayLedger::Time;
  struct Report {
    RelayLedger::Id id;
    route::PublishResult result;
  };

  void post(Report report);
  void wake();       // there are rows
  void begin_end();  // every wait returns at once once more, and is told so by ending()
  bool ending() const;

  struct Enough {
    std::size_t reports;
    std::chrono::milliseconds patience;
  };
  // Until there are rows, or reports, or the time has come; not before `not_before`; and then for
  // as many reports as are enough, while the patience lasts. The end cuts all of it short.
  void wait(Time until, Time not_before, Enough enough);
  // Until the end is near, or the time has come: true for the former.
  bool wait_for_end(std::chrono::milliseconds time);
  std::vector<Report> take();

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Report> reports_;
  bool woken_ = false;
  bool ending_ = false;
};

}  // namespace gantry::outbox
