// The demo finds a number that is wrong, whichever it is.
#include "demo/comparisons.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace gantry::demo {
namespace {

config::Config shop() {
  config::Config config;
  const auto add = [&](const std::string& handler, const std::string& topic) {
    config::Route route;
    route.name = handler;
    route.handler = handler;
    if (topic.empty()) {
      route.http.emplace();
    } else {
      route.topics = {topic};
    }
    config.routes.push_back(route);
    return &config.routes.back();
  };
  add("payment", "")->outputs["order_created"].topic = "orders";
  add("coupon-request", "")->outputs["coupon_issue"].topic = "coupons";
  add("order-saver", "orders");
  add("alert", "orders");
  add("coupon-issue", "coupons");
  return config;
}

// 10 orders, of which one notification never gets through; 6 coupons, 4 of them the scarce one.
Numbers good() {
  Numbers n;
  n.payments = {.sent = 15, .paid = 10, .repeated = 3, .conflicting = 2};
  n.coupons = {.sent = 12, .accepted = 6, .repeated = 2, .sold_out = 4};
  n.put_in_orders = {.copies = 3, .malformed = 2};
  n.put_in_coupons = {.copies = 2, .malformed = 1};
  n.orders_paid = 10;
  n.coupon_requests = 6;
  n.taken_from_stock = 6;
  n.most_for_one_user = 1;
  n.order_topic = {.records = 15, .events = 10, .copies = 3, .malformed = 2};
  n.coupon_topic = {.records = 9, .events = 6, .copies = 2, .malformed = 1};
  n.order_saver = {.effects = 10, .rejected = 2, .exhausted = 0, .ignored = 3};
  n.alert = {.effects = 9, .rejected = 2, .exhausted = 1, .ignored = 3};
  n.coupon_issue = {.effects = 6, .rejected = 1, .exhausted = 0, .ignored = 2};
  n.alert_talk = {.delivered = 9, .delivered_again = 0, .failed = 4, .away = 7};
  n.all_dead_letters = 6;
  return n;
}

std::vector<std::string> disagreements(const Numbers& numbers) {
  const config::Config config = shop();
  std::vector<std::string> texts;
  for (const Comparison& one : compare(numbers, Wiring(config))) {
    if (!one.agrees) texts.push_back(one.text + ": " + one.detail);
  }
  return texts;
}

TEST(Comparisons, agree_on_numbers_that_do) {
  EXPECT_EQ(disagreements(good()), std::vector<std::string>{});
}

TEST(Comparisons, name_the_numbers_that_disagree) {
  Numbers numbers = good();
  --numbers.order_saver.effects;
  EXPECT_EQ(disagreements(numbers),
            std::vector<std::string>{"each event is saved once: 10 events ≠ 9 saved"});
}

TEST(Comparisons, find_each_number_that_is_one_too_many) {
  const std::vector<std::pair<const char*, std::function<std::int64_t&(Numbers&)>>> each{
      {"paid", [](Numbers & n) -> auto& {return n.payments.paid;
}
}  // namespace
, {"repeated differently", [](Numbers& n) -> auto& {return n.payments.repeated_differently;
}  // namespace gantry::demo
}
, {"payments failed", [](Numbers& n) -> auto& {return n.payments.failed;
}
}
, {"accepted", [](Numbers& n) -> auto& {return n.coupons.accepted;
}
}
, {"coupon requests failed", [](Numbers& n) -> auto& {return n.coupons.failed;
}
}
, {"copies of orders", [](Numbers& n) -> auto& {return n.put_in_orders.copies;
}
}
, {"malformed orders", [](Numbers& n) -> auto& {return n.put_in_orders.malformed;
}
}
, {"copies of coupons", [](Numbers& n) -> auto& {return n.put_in_coupons.copies;
}
}
, {"malformed coupons", [](Numbers& n) -> auto& {return n.put_in_coupons.malformed;
}
}
, {"orders paid", [](Numbers& n) -> auto& {return n.orders_paid;
}
}
, {"coupon requests", [](Numbers& n) -> auto& {return n.coupon_requests;
}
}
, {"taken from stock", [](Numbers& n) -> auto& {return n.taken_from_stock;
}
}
, {"left of the scarce", [](Numbers& n) -> auto& {return n.left_of_the_scarce;
}
}
, {"for one user", [](Numbers& n) -> auto& {return n.most_for_one_user;
}
}
, {"in the outbox", [](Numbers& n) -> auto& {return n.waiting_in_outbox;
}
}
, {"order events", [](Numbers& n) -> auto& {return n.order_topic.events;
}
}
, {"copies seen of orders", [](Numbers& n) -> auto& {return n.order_topic.copies;
}
}
, {"malformed seen of orders", [](Numbers& n) -> auto& {return n.order_topic.malformed;
}
}
, {"coupon events", [](Numbers& n) -> auto& {return n.coupon_topic.events;
}
}
, {"copies seen of coupons", [](Numbers& n) -> auto& {return n.coupon_topic.copies;
}
}
, {"malformed seen of coupons", [](Numbers& n) -> auto& {return n.coupon_topic.malformed;
}
}
, {"saved", [](Numbers& n) -> auto& {return n.order_saver.effects;
}
}
, {"ignored by order-saver", [](Numbers& n) -> auto& {return n.order_saver.ignored;
}
}
, {"rejected by order-saver", [](Numbers& n) -> auto& {return n.order_saver.rejected;
}
}
, {"exhausted by order-saver", [](Numbers& n) -> auto& {return n.order_saver.exhausted;
}
}
, {"notified", [](Numbers& n) -> auto& {return n.alert.effects;
}
}
, {"ignored by alert", [](Numbers& n) -> auto& {return n.alert.ignored;
}
}
, {"rejected by alert", [](Numbers& n) -> auto& {return n.alert.rejected;
}
}
, {"exhausted by alert", [](Numbers& n) -> auto& {return n.alert.exhausted;
}
}
, {"coupons", [](Numbers& n) -> auto& {return n.coupon_issue.effects;
}
}
, {"ignored by coupon-issue", [](Numbers& n) -> auto& {return n.coupon_issue.ignored;
}
}
, {"rejected by coupon-issue", [](Numbers& n) -> auto& {return n.coupon_issue.rejected;
}
}
, {"exhausted by coupon-issue", [](Numbers& n) -> auto& {return n.coupon_issue.exhausted;
}
}
, {"delivered", [](Numbers& n) -> auto& {return n.alert_talk.delivered;
}
}
, {"delivered again", [](Numbers& n) -> auto& {return n.alert_talk.delivered_again;
}
}
, {
  "dead letters", [](Numbers & n) -> auto& { return n.all_dead_letters; }
}
}
;
for (const auto& [name, number] : each) {
  Numbers numbers = good();
  ++number(numbers);
  EXPECT_FALSE(disagreements(numbers).empty()) << name;
}
}

TEST(Comparisons, are_not_content_with_a_demo_that_shows_nothing) {
  for (const auto clear :
       {+[](Numbers& n) { n.coupons.sold_out = 0; }, +[](Numbers& n) { n.alert_talk.failed = 0; },
        +[](Numbers& n) { n.alert_talk.away = 0; }}) {
    Numbers numbers = good();
    clear(numbers);
    EXPECT_EQ(disagreements(numbers).size(), 1u);
  }
}

TEST(Wiring, names_the_route_that_is_missing) {
  config::Config config = shop();
  config.routes.erase(config.routes.begin() + 3);
  EXPECT_THROW(Wiring{config}, std::runtime_error);
}

}  // namespace
}  // namespace gantry::demo
