#include "payment_event_listener.hpp"

#include <algorithm>

namespace notifications {
namespace {

outcome::Failure aborted() {
  return {outcome::Remedy::unavailable,
          "given up by the host while another request for the same event ran", "alert.aborted"};
}

}  // namespace

PaymentEventListener::PaymentEventListener(NotificationRepository& starts,
                                           NotificationRepository& ends, AlertTalkClient& client,
                                           SentLedger& unrecorded)
    : starts_{starts}, ends_{ends}, client_{client}, unrecorded_{unrecorded} {}

std::vector<Conclusion> PaymentEventListener::on_orders_created(std::span<const PaidOrder> orders) {
  std::vector<PaidOrder> fresh;
  for (const PaidOrder& order : orders) {
    if (!join(order)) fresh.push_back(order);
  }
  std::vector<Conclusion> concluded = record_again(fresh);
  if (fresh.empty()) return concluded;

  std::vector<Notification> notifications;
  for (const PaidOrder& order : fresh) notifications.push_back(order.notification);
  const Begun begun = starts_.begin(notifications);
  for (const PaidOrder& order : fresh) {
    if (begun.failure) {
      concluded.push_back({order.ticket, Answer::failed, *begun.failure});
    } else if (!begun.to_send.contains(order.notification.event_id)) {
      concluded.push_back({order.ticket, Answer::repeated, {}});
    } else if (!join(order)) {  // the same event may be there twice
      {
        const std::lock_guard lock(mutex_);
        in_flight_[order.notification.event_id] = {order.ticket};
        events_[order.ticket] = order.notification.event_id;
      }
      client_.send(order.ticket, order.notification);
    }
  }
  return concluded;
}

// Whether a request for its event is under way; the ticket then waits for that one's answer.
bool PaymentEventListener::join(const PaidOrder& order) {
  const std::lock_guard lock(mutex_);
  const auto running = in_flight_.find(order.notification.event_id);
  if (running == in_flight_.end()) return false;
  running->second.push_back(order.ticket);
  events_[order.ticket] = order.notification.event_id;
  return true;
}

// Those that are sent and only not recorded are recorded now, and taken out of `orders`.
std::vector<Conclusion> PaymentEventListener::record_again(std::vector<PaidOrder>& orders) {
  const auto sent = std::stable_partition(
      orders.begin(), orders.end(),
      [&](const PaidOrder& order) { return !unrecorded_.contains(order.notification.event_id); });
  if (sent == orders.end()) return {};
  std::vector<std::string> event_ids;
  for (auto order = sent; order != orders.end(); ++order) {
    event_ids.push_back(order->notification.event_id);
  }
  const auto failure = starts_.record_sent(event_ids);
  if (!failure) unrecorded_.remove(event_ids);
  std::vector<Conclusion> concluded;
  for (auto order = sent; order != orders.end(); ++order) {
    concluded.push_back({order->ticket, failure ? Answer::failed : Answer::repeated,
                         failure.value_or(outcome::Failure{})});
  }
  orders.erase(sent, orders.end());
  return concluded;
}

std::vector<Conclusion> PaymentEventListener::on_deliveries(std::span<const Delivery> deliveries) {
  std::map<Ticket, outcome::Failure> unrecorded;
  record(deliveries, unrecorded);
  std::vector<Conclusion> concluded;
  for (const Delivery& delivery : deliveries) {
    const auto failure = unrecorded.find(delivery.ticket);
    const bool is_recorded = failure == unrecorded.end();
    // Taken only now: whoever joined during the recording is concluded too.
    for (const Ticket ticket : take(event_of(delivery.ticket))) {
      concluded.push_back({ticket, is_recorded ? delivery.answer : Answer::failed,
                           is_recorded ? delivery.failure : failure->second});
    }
  }
  return concluded;
}

// One statement for all that were sent, one for all that never will be. A refusal stays one whether
// or not the database hears of it; a success that it does not hear of is kept in the ledger, and
// its message comes again.
void PaymentEventListener::record(std::span<const Delivery> deliveries,
                                  std::map<Ticket, outcome::Failure>& unrecorded) {
  std::vector<std::string> sent;
  std::vector<std::string> refused;
  for (const Delivery& delivery : deliveries) {
    if (delivery.answer != Answer::failed) {
      sent.push_back(event_of(delivery.ticket));
    } else if (delivery.failure.remedy == outcome::Remedy::reject) {
      refused.push_back(event_of(delivery.ticket));
    }
  }
  if (!refused.empty()) ends_.record_failed(refused);
  if (sent.empty()) return;
  const auto failure = ends_.record_sent(sent);
  if (!failure) return;
  for (const std::string& event_id : sent) unrecorded_.add(event_id);
  for (const Delivery& delivery : deliveries) {
    if (delivery.answer != Answer::failed) unrecorded.emplace(delivery.ticket, *failure);
  }
}

std::string PaymentEventListener::event_of(Ticket ticket) {
  const std::lock_guard lock(mutex_);
  return events_.at(ticket);
}

std::vector<Ticket> PaymentEventListener::take(const std::string& event_id) {
  const std::lock_guard lock(mutex_);
  auto taken = in_flight_.extract(event_id);
  for (const Ticket ticket : taken.mapped()) events_.erase(ticket);
  return std::move(taken.mapped());
}

std::optional<Conclusion> PaymentEventListener::abort(Ticket ticket) {
  {
    const std::lock_guard lock(mutex_);
    const auto event = events_.find(ticket);
    if (event == events_.end()) return std::nullopt;  // concluded meanwhile, or not begun
    std::vector<Ticket>& tickets = in_flight_.at(event->second);
    if (tickets.front() != ticket) {
      std::erase(tickets, ticket);
      events_.erase(event);
      return Conclusion{ticket, Answer::failed, aborted()};
    }
  }
  client_.abort(ticket);
  return std::nullopt;
}

}  // namespace notifications
