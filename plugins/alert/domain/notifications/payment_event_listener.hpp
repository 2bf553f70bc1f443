// The use case: an order was paid, so its user is notified, once. Decides what is sent and what was
// sent before; the sending and the recording are others' work. on_orders_created() is called by the
// lane's thread, on_deliveries() by the client's, abort() by any; whoever makes it owns all it
// refers to.
#pragma once

#include <map>
#include <mutex>
#include <notifications/alert_talk_client.hpp>
#include <notifications/notification_repository.hpp>
#include <notifications/sent_ledger.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace notifications {

struct PaidOrder {
  Ticket ticket = 0;
  Notification notification;
};

// What has become of a ticket.
struct Conclusion {
  Ticket ticket = 0;
  Answer answer = Answer::failed;
  outcome::Failure failure;  // of a failed one
};

class PaymentEventListener {
 public:
  // `starts` and `ends` are two views of the same record, one for each thread.
  PaymentEventListener(NotificationRepository& starts, NotificationRepository& ends,
                       AlertTalkClient& client, SentLedger& unrecorded);

  // Tickets that are concluded at once: notified before, or not to be begun now. The others are
  // concluded by on_deliveries().
  std::vector<Conclusion> on_orders_created(std::span<const PaidOrder> orders);

  std::vector<Conclusion> on_deliveries(std::span<const Delivery> deliveries);

  // A conclusion where the ticket only waits for another one's request; else the client's delivery
  // brings it.
  std::optional<Conclusion> abort(Ticket ticket);

 private:
  bool join(const PaidOrder& order);
  std::vector<Conclusion> record_again(std::vector<PaidOrder>& orders);
  void record(std::span<const Delivery> deliveries, std::map<Ticket, outcome::Failure>& unrecorded);
  std::string event_of(Ticket ticket);
  std::vector<Ticket> take(const std::string& event_id);

  NotificationRepository& starts_;
  NotificationRepository& ends_;
  AlertTalkClient& client_;
  SentLedger& unrecorded_;

  std::mutex mutex_;
  // By event id: the ticket whose request is under way, and behind it those of the same event that
  // wait for its answer.
  std::map<std::string, std::vector<Ticket>> in_flight_;
  std::map<Ticket, std::string> events_;  // of every ticket in in_flight_
};

}  // namespace notifications
