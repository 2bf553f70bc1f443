#include "demo/comparisons.hpp"

#include <utility>

namespace gantry::demo {
namespace {

struct Named {
  std::int64_t number;
  std::string text;  // "200 orders"
};

Named named(std::int64_t number, const std::string& name) {
  return {number, std::to_string(number) + ' ' + name};
}

class Comparisons {
 public:
  void equal(std::string text, const Named& left, const Named& right) {
    const bool agrees = left.number == right.number;
    list_.push_back({std::move(text), left.text + (agrees ? " = " : " ≠ ") + right.text, agrees});
  }
  // Of what this demo is there to show: none of it would show nothing.
  void some(std::string text, const Named& one) {
    list_.push_back({std::move(text), one.text, one.number > 0});
  }
  void none(std::string text, const Named& one) {
    list_.push_back({std::move(text), one.text, one.number == 0});
  }
  std::vector<Comparison> take() { return std::move(list_); }

 private:
  std::vector<Comparison> list_;
};

void compare_orders(const Numbers& n, const Wiring& wiring, Comparisons& all) {
  all.none("each payment request got its answer", named(n.payments.failed, "without one"));
  all.none("a repeat got the same answer, byte for byte",
           named(n.payments.repeated_differently, "different"));
  all.some("and there were repeats", named(n.payments.repeated, "repeats"));
  all.some("what does not fit the order was refused", named(n.payments.conflicting, "times 409"));
  all.equal("who was told PAID has a PAID order", named(n.payments.paid, "answers"),
            named(n.orders_paid, "orders"));
  all.equal("each PAID order is one event in " + wiring.order_topic(),
            named(n.orders_paid, "orders"), named(n.order_topic.events, "events"));
  all.equal("each event is saved once", named(n.order_topic.events, "events"),
            named(n.order_saver.effects, "saved"));
  all.equal(
      "each event is one notification, or a dead letter", named(n.order_topic.events, "events"),
      {n.alert.effects + n.alert.exhausted, std::to_string(n.alert.effects) + " sent + " +
                                                std::to_string(n.alert.exhausted) + " exhausted"});
  all.equal("AlertTalk delivered what was sent", named(n.alert_talk.delivered, "delivered"),
            named(n.alert.effects, "sent"));
  all.none("nobody was notified twice", named(n.alert_talk.delivered_again, "twice"));
  all.some("an AlertTalk that fails was asked again", named(n.alert_talk.failed, "answers 500"));
  all.some("an AlertTalk that is away was waited for", named(n.alert_talk.away, "answers 503"));
}

void compare_topic(const std::string& topic, const PutIn& put_in, const TopicNumbers& numbers,
                   Comparisons& all) {
  all.equal("copies in " + topic, named(put_in.copies, "put in"), named(numbers.copies, "there"));
  all.equal("malformed records in " + topic, named(put_in.malformed, "put in"),
            named(numbers.malformed, "there"));
}

void compare_listener(const config::Route& route, const TopicNumbers& topic,
                      const Listener& listener, Comparisons& all) {
  all.equal(route.name + " ignored the copies", named(topic.copies, "copies"),
            named(listener.ignored, "ignored"));
  all.equal(route.name + " rejected what is malformed", named(topic.malformed, "malformed"),
            named(listener.rejected, "dead letters"));
}

std::int64_t letters_of(const Listener& listener) { return listener.rejected + listener.exhausted; }

void compare_disturbances(const Numbers& n, const Wiring& wiring, Comparisons& all) {
  compare_topic(wiring.order_topic(), n.put_in_orders, n.order_topic, all);
  compare_topic(wiring.coupon_topic(), n.put_in_coupons, n.coupon_topic, all);
  compare_listener(*wiring.order_saver, n.order_topic, n.order_saver, all);
  compare_listener(*wiring.alert, n.order_topic, n.alert, all);
  compare_listener(*wiring.coupon_issue, n.coupon_topic, n.coupon_issue, all);
  all.equal("there are no dead letters of anybody else", named(n.all_dead_letters, "dead letters"),
            named(letters_of(n.order_saver) + letters_of(n.alert) + letters_of(n.coupon_issue),
                  "of these three"));
}

void compare_coupons(const Numbers& n, const Wiring& wiring, Comparisons& all) {
  all.none("each coupon request got its answer", named(n.coupons.failed, "without one"));
  all.some("who asked again was told what he has", named(n.coupons.repeated, "repeats"));
  all.equal("who was told QUEUED has one of the stock", named(n.coupons.accepted, "answers"),
            named(n.taken_from_stock, "taken"));
  all.equal("each one taken is one user's", named(n.taken_from_stock, "taken"),
            named(n.coupon_requests, "users"));
  all.equal("each one taken is one event in " + wiring.coupon_topic(),
            named(n.taken_from_stock, "taken"), named(n.coupon_topic.events, "events"));
  all.equal("each event is one coupon", named(n.coupon_topic.events, "events"),
            named(n.coupon_issue.effects, "coupons"));
  all.none("the scarce coupon is sold out, to the last one", named(n.left_of_the_scarce, "left"));
  all.some("who came later was told so", named(n.coupons.sold_out, "sold out"));
  all.equal("no user has two of one coupon",
            {n.most_for_one_user, "at most " + std::to_string(n.most_for_one_user)}, {1, "1"});
}

}  // namespace

std::vector<Comparison> compare(const Numbers& numbers, const Wiring& wiring) {
  Comparisons all;
  compare_orders(numbers, wiring, all);
  compare_coupons(numbers, wiring, all);
  compare_disturbances(numbers, wiring, all);
  all.none("nothing waits in the outbox any more", named(numbers.waiting_in_outbox, "rows"));
  return all.take();
}

}  // namespace gantry::demo
