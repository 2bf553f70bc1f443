// Everything the demo counts, each number from where it can be seen: the answers to the clients,
// the topics, the tables, AlertTalk. Reads; the main thread's.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "demo/alert_talk_script.hpp"
#include "demo/coupons.hpp"
#include "demo/payments.hpp"
#include "embedded/development.hpp"

namespace gantry::demo {

// What was put into a topic beside what the host published there.
struct PutIn {
  std::int64_t copies = 0;
  std::int64_t malformed = 0;
};

struct TopicNumbers {
  std::int64_t records = 0;
  std::int64_t events = 0;     // different ones: by their event id, a UUID
  std::int64_t copies = 0;     // of these, once more
  std::int64_t malformed = 0;  // records without such an id
};

struct Listener {
  std::int64_t effects = 0;  // rows in its table
  std::int64_t rejected = 0;
  std::int64_t exhausted = 0;
  std::int64_t ignored = 0;  // records that had no effect and are no dead letters
};

struct Numbers {
  PaymentAnswers payments;
  CouponAnswers coupons;
  PutIn put_in_orders;
  PutIn put_in_coupons;

  std::int64_t orders_paid = 0;
  std::int64_t coupon_requests = 0;
  std::int64_t taken_from_stock = 0;
  std::int64_t left_of_the_scarce = 0;
  std::int64_t most_for_one_user = 0;  // coupons of one type
  std::int64_t waiting_in_outbox = 0;
  TopicNumbers order_topic;
  TopicNumbers coupon_topic;
  Listener order_saver;
  Listener alert;
  Listener coupon_issue;
  AlertTalkScript::Counts alert_talk;
  std::map<std::string, std::int64_t> dead_letters;  // by reason
  std::int64_t all_dead_letters = 0;
};

TopicNumbers count_events(const std::vector<embedded::Record>& records);

// What the tables, topics and AlertTalk say now; the answers and what was put in are not touched.
void read(const embedded::Development& development, const Wiring& wiring,
          const AlertTalkScript& alert_talk, Numbers& numbers);

}  // namespace gantry::demo
