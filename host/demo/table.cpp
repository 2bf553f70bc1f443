#include "demo/table.hpp"

namespace gantry::demo {
namespace {

constexpr const char* kAnswers = "answers";

void topic_rows(Screen& screen, const std::string& topic, const std::string& event,
                const TopicNumbers& numbers) {
  screen.row("relay → " + topic, event, numbers.events, "topic " + topic);
  screen.row("others → " + topic, "copies of these events", numbers.copies, "topic " + topic);
  screen.row("", "malformed events", numbers.malformed, "topic " + topic);
}

void listener_rows(Screen& screen, const config::Route& route, const std::string& effect,
                   const std::string& table, const Listener& numbers) {
  const std::string& letters = route.dead_letter.topic;
  screen.row(route.topics.front() + " → " + route.name, effect, numbers.effects, "table " + table);
  screen.row("", "duplicates ignored", numbers.ignored, "records without effect");
  screen.row("", "dead letters, rejected", numbers.rejected, "topic " + letters);
  if (numbers.exhausted > 0) {
    screen.row("", "dead letters, exhausted", numbers.exhausted, "topic " + letters);
  }
}

void payment_rows(Screen& screen, const Numbers& numbers, const Wiring& wiring) {
  const PaymentAnswers& answers = numbers.payments;
  screen.heading("Payments");
  screen.row("client → " + wiring.payment->http->method + ' ' + wiring.payment->http->path,
             "requests", answers.sent, kAnswers);
  screen.row("", "  200 paid", answers.paid, kAnswers);
  screen.row("", "  200 repeats, the same answer", answers.repeated, kAnswers);
  screen.row("", "  409 does not fit the order", answers.conflicting, kAnswers);
  screen.row("", "  404 no such order", answers.unknown, kAnswers);
  screen.row("", "  400, 422 malformed", answers.malformed, kAnswers);
  screen.row("payment → PaymentService", "orders PAID", numbers.orders_paid, "table orders");
  topic_rows(screen, wiring.order_topic(), "OrderCreatedEvent", numbers.order_topic);
  listener_rows(screen, *wiring.order_saver, "orders saved", "saved_orders", numbers.order_saver);
  listener_rows(screen, *wiring.alert, "notifications sent", "notifications", numbers.alert);
  screen.row("alert → AlertTalk", "delivered to users", numbers.alert_talk.delivered, "AlertTalk");
  screen.row("", "  answered 500, tried again", numbers.alert_talk.failed, "AlertTalk");
  screen.row("", "  answered 503, being away", numbers.alert_talk.away, "AlertTalk");
}

void coupon_rows(Screen& screen, const Numbers& numbers, const Wiring& wiring) {
  const CouponAnswers& answers = numbers.coupons;
  screen.heading("Coupons");
  screen.row("client → " + wiring.coupon_request->http->method + " …/requests", "requests",
             answers.sent, kAnswers);
  screen.row("", "  202 got one", answers.accepted, kAnswers);
  screen.row("", "  200 has one already", answers.repeated, kAnswers);
  screen.row("", "  409 sold out", answers.sold_out, kAnswers);
  screen.row("", "  409 not open yet", answers.not_open, kAnswers);
  screen.row("", "  404 no such coupon", answers.unknown, kAnswers);
  screen.row("", "  400, 422 malformed", answers.malformed, kAnswers);
  screen.row("coupon-request → IssueCouponUseCase", "taken from stock", numbers.taken_from_stock,
             "table coupon_types");
  topic_rows(screen, wiring.coupon_topic(), "CouponIssueEvent", numbers.coupon_topic);
  listener_rows(screen, *wiring.coupon_issue, "coupons created", "coupons", numbers.coupon_issue);
}

}  // namespace

void show_table(Screen& screen, const Numbers& numbers, const Wiring& wiring) {
  payment_rows(screen, numbers, wiring);
  coupon_rows(screen, numbers, wiring);
  screen.heading("Dead letters, by reason");
  for (const auto& [reason, count] : numbers.dead_letters) {
    screen.row(reason, "dead letters", count, "topic " + wiring.order_saver->dead_letter.topic);
  }
}

}  // namespace gantry::demo
