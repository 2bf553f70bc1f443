#include "demo/numbers.hpp"

#include <boost/json.hpp>
#include <set>

#include "embedded/samples.hpp"

namespace gantry::demo {
namespace json = boost::json;
namespace {

using embedded::ask_number;

constexpr std::size_t kUuidLength = 36;

// Empty: it has none.
std::string event_id(const embedded::Record& record) {
  boost::system::error_code error;
  const json::value value = json::parse(record.value.value_or(""), error);
  if (error || !value.is_object()) return {};
  const json::value* const id = value.as_object().if_contains("eventId");
  if (id == nullptr || !id->is_string() || id->as_string().size() != kUuidLength) return {};
  return std::string(id->as_string());
}

using DeadLetters = std::map<std::pair<std::string, std::string>, std::int64_t>;

// By route and reason, as their headers say.
DeadLetters dead_letters_of(const embedded::Development& development, const Wiring& wiring) {
  std::set<std::string> topics;
  for (const auto* route : {wiring.order_saver, wiring.alert, wiring.coupon_issue}) {
    topics.insert(route->dead_letter.topic);
  }
  DeadLetters letters;
  for (const std::string& topic : topics) {
    for (const embedded::Record& letter : development.kafka().read(topic)) {
      const std::string* const route = letter.header("gantry.route");
      const std::string* const reason = letter.header("gantry.reason");
      ++letters[{route != nullptr ? *route : "", reason != nullptr ? *reason : "unknown"}];
    }
  }
  return letters;
}

Listener listener(const config::Route& route, const std::string& table, const TopicNumbers& topic,
                  DeadLetters& letters) {
  Listener numbers;
  numbers.effects = ask_number(dsn_of(route), "SELECT count(*) FROM " + table);
  numbers.rejected = letters[{route.name, "rejected"}];
  numbers.exhausted = letters[{route.name, "exhausted"}];
  numbers.ignored = topic.records - numbers.effects - numbers.rejected - numbers.exhausted;
  return numbers;
}

}  // namespace

TopicNumbers count_events(const std::vector<embedded::Record>& records) {
  TopicNumbers numbers;
  std::set<std::string> seen;
  for (const embedded::Record& record : records) {
    ++numbers.records;
    const std::string id = event_id(record);
    if (id.empty()) {
      ++numbers.malformed;
    } else if (seen.insert(id).second) {
      ++numbers.events;
    } else {
      ++numbers.copies;
    }
  }
  return numbers;
}

void read(const embedded::Development& development, const Wiring& wiring,
          const AlertTalkScript& alert_talk, Numbers& numbers) {
  const std::string& payments = dsn_of(*wiring.payment);
  const std::string& coupons = dsn_of(*wiring.coupon_request);
  numbers.orders_paid = ask_number(payments, "SELECT count(*) FROM orders WHERE status = 'PAID'");
  numbers.coupon_requests = ask_number(coupons, "SELECT count(*) FROM coupon_requests");
  numbers.taken_from_stock =
      ask_number(coupons, "SELECT sum(stock - remaining)::bigint FROM coupon_types");
  numbers.left_of_the_scarce =
      ask_number(coupons, "SELECT remaining FROM coupon_types WHERE coupon_id = " +
                              std::to_string(embedded::kScarceCoupon));
  numbers.most_for_one_user = ask_number(dsn_of(*wiring.coupon_issue),
                                         "SELECT max(n) FROM (SELECT count(*) AS n FROM coupons"
                                         " GROUP BY coupon_id, user_id) AS counted");
  numbers.waiting_in_outbox = 0;
  for (const std::string& database : development.config().outbox_databases) {
    numbers.waiting_in_outbox +=
        ask_number(development.dsn(database), "SELECT count(*) FROM gantry_outbox");
  }
  numbers.order_topic = count_events(development.kafka().read(wiring.order_topic()));
  numbers.coupon_topic = count_events(development.kafka().read(wiring.coupon_topic()));
  DeadLetters letters = dead_letters_of(development, wiring);
  numbers.order_saver = listener(*wiring.order_saver, "saved_orders", numbers.order_topic, letters);
  numbers.alert =
      listener(*wiring.alert, "notifications WHERE state = 'SENT'", numbers.order_topic, letters);
  numbers.coupon_issue = listener(*wiring.coupon_issue, "coupons", numbers.coupon_topic, letters);
  numbers.alert_talk = alert_talk.counts();
  numbers.dead_letters.clear();
  numbers.all_dead_letters = 0;
  for (const auto& [route_and_reason, count] : letters) {
    if (count == 0) continue;
    numbers.dead_letters[route_and_reason.second] += count;
    numbers.all_dead_letters += count;
  }
}

}  // namespace gantry::demo
