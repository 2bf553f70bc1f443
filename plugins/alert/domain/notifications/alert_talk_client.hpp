// The notification provider as the domain sees it: many notifications in flight at once, each named
// by a ticket. Implemented over HTTP beside this folder, and in tests.
#pragma once

#include <cstdint>
#include <notifications/notification.hpp>
#include <outcome/failure.hpp>

namespace notifications {

using Ticket = std::uint64_t;  // names one sending; never used again

enum class Answer {
  accepted,  // the provider has it
  repeated,  // the provider had it already
  failed
};

struct Delivery {
  Ticket ticket = 0;
  Answer answer = Answer::failed;
  outcome::Failure failure;  // of a failed one
};

class AlertTalkClient {
 public:
  virtual ~AlertTalkClient() = default;
  // Any thread; never blocks. Its Delivery comes later, exactly once, on the client's thread.
  virtual void send(Ticket ticket, const Notification& notification) = 0;
  // Any thread. The delivery comes soon; it is a failed one unless the answer is there already.
  virtual void abort(Ticket ticket) = 0;
};

}  // namespace notifications
