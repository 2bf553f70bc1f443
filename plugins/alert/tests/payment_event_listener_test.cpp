// The use case with everything around it faked: no thread, no database, no HTTP.
#include "notifications/payment_event_listener.hpp"

#include <gtest/gtest.h>

#include <map>

namespace notifications {
namespace {

using outcome::Failure;
using outcome::Remedy;

class FakeRepository : public NotificationRepository {
 public:
  Begun begin(std::span<const Notification> notifications) override {
    if (down) return {{}, failure};
    Begun begun;
    for (const Notification& notification : notifications) {
      if (states[notification.event_id] == "SENT") continue;
      states[notification.event_id] = "SENDING";
      begun.to_send.insert(notification.event_id);
    }
    return begun;
  }
  std::optional<Failure> record_sent(std::span<const std::string> event_ids) override {
    return record(event_ids, "SENT");
  }
  std::optional<Failure> record_failed(std::span<const std::string> event_ids) override {
    return record(event_ids, "FAILED");
  }

  bool down = false;
  int records = 0;  // statements
  std::map<std::string, std::string> states;
  const Failure failure{Remedy::unavailable, "database: away", "database.connection"};

 private:
  std::optional<Failure> record(std::span<const std::string> event_ids, const char* state) {
    if (down) return failure;
    ++records;
    for (const std::string& event_id : event_ids) states[event_id] = state;
    return std::nullopt;
  }
};

class FakeClient : public AlertTalkClient {
 public:
  void send(Ticket ticket, const Notification& notification) override {
    sent[ticket] = notification.event_id;
  }
  void abort(Ticket ticket) override { aborted.push_back(ticket); }
  std::map<Ticket, std::string> sent;
  std::vector<Ticket> aborted;
};

class PaymentEventListenerTest : public ::testing::Test {
 protected:
  std::vector<Conclusion> pay(Ticket ticket, const std::string& event_id) {
    return listener_.on_orders_created(std::vector<PaidOrder>{paid(ticket, event_id)});
  }
  static PaidOrder paid(Ticket ticket, const std::string& event_id) {
    return {ticket, {event_id, 41, 7, 12000, "KRW"}};
  }
  std::vector<Conclusion> deliver(Ticket ticket, Answer answer, const Failure& failure = {}) {
    return listener_.on_deliveries(std::vector<Delivery>{{ticket, answer, failure}});
  }

  FakeRepository repository_;
  FakeClient client_;
  SentLedger ledger_;
  PaymentEventListener listener_{repository_, repository_, client_, ledger_};
};

TEST_F(PaymentEventListenerTest, records_before_the_request_and_after_it) {
  EXPECT_TRUE(pay(1, "e-1").empty());
  EXPECT_EQ(repository_.states["e-1"], "SENDING");
  EXPECT_EQ(client_.sent[1], "e-1");
  const auto concluded = deliver(1, Answer::accepted);
  ASSERT_EQ(concluded.size(), 1u);
  EXPECT_EQ(concluded[0].ticket, 1u);
  EXPECT_EQ(concluded[0].answer, Answer::accepted);
  EXPECT_EQ(repository_.states["e-1"], "SENT");
}

TEST_F(PaymentEventListenerTest, sends_nothing_for_an_event_that_was_notified) {
  repository_.states["e-1"] = "SENT";
  const auto concluded = pay(1, "e-1");
  ASSERT_EQ(concluded.size(), 1u);
  EXPECT_EQ(concluded[0].answer, Answer::repeated);
  EXPECT_TRUE(client_.sent.empty());
}

TEST_F(PaymentEventListenerTest, sends_again_what_a_crash_left_under_way_or_what_failed) {
  repository_.states = {{"e-1", "SENDING"}, {"e-2", "FAILED"}};
  pay(1, "e-1");
  pay(2, "e-2");
  EXPECT_EQ(client_.sent.size(), 2u);
}

TEST_F(PaymentEventListenerTest, records_all_of_a_round_in_one_statement) {
  pay(1, "e-1");
  pay(2, "e-2");
  pay(3, "e-3");
  listener_.on_deliveries(std::vector<Delivery>{
      {1, Answer::accepted, {}}, {2, Answer::repeated, {}}, {3, Answer::accepted, {}}});
  EXPECT_EQ(repository_.records, 1);
}

TEST_F(PaymentEventListenerTest, sends_one_request_for_one_event_in_two_messages) {
  listener_.on_orders_created(std::vector<PaidOrder>{paid(1, "e-1"), paid(2, "e-1")});
  pay(3, "e-1");
  EXPECT_EQ(client_.sent.size(), 1u);
  EXPECT_EQ(deliver(1, Answer::accepted).size(), 3u);
  EXPECT_TRUE(pay(4, "e-1").size() == 1 && client_.sent.size() == 1);
}

TEST_F(PaymentEventListenerTest, begins_nothing_without_the_database) {
  repository_.down = true;
  const auto concluded = pay(1, "e-1");
  ASSERT_EQ(concluded.size(), 1u);
  EXPECT_EQ(concluded[0].failure.remedy, Remedy::unavailable);
  EXPECT_TRUE(client_.sent.empty());
}

TEST_F(PaymentEventListenerTest, does_not_send_again_what_it_could_not_record) {
  pay(1, "e-1");
  repository_.down = true;
  EXPECT_EQ(deliver(1, Answer::accepted)[0].failure.remedy, Remedy::unavailable);
  EXPECT_EQ(pay(2, "e-1")[0].failure.remedy, Remedy::unavailable);
  repository_.down = false;
  EXPECT_EQ(pay(3, "e-1")[0].answer, Answer::repeated);
  EXPECT_EQ(repository_.states["e-1"], "SENT");
  EXPECT_EQ(client_.sent.size(), 1u);
}

TEST_F(PaymentEventListenerTest, remembers_across_the_lanes_of_a_route) {
  pay(1, "e-1");
  repository_.down = true;
  deliver(1, Answer::accepted);
  repository_.down = false;
  PaymentEventListener other(repository_, repository_, client_, ledger_);
  EXPECT_EQ(other.on_orders_created(std::vector<PaidOrder>{paid(2, "e-1")})[0].answer,
            Answer::repeated);
  EXPECT_EQ(client_.sent.size(), 1u);
}

TEST_F(PaymentEventListenerTest, records_a_refusal_and_passes_it_on) {
  pay(1, "e-1");
  const auto concluded = deliver(1, Answer::failed, {Remedy::reject, "no", "http.400"});
  EXPECT_EQ(repository_.states["e-1"], "FAILED");
  EXPECT_EQ(concluded[0].failure.remedy, Remedy::reject);
}

TEST_F(PaymentEventListenerTest, leaves_what_will_be_tried_again_as_sending) {
  pay(1, "e-1");
  deliver(1, Answer::failed, {Remedy::retry, "no", "http.500"});
  EXPECT_EQ(repository_.states["e-1"], "SENDING");
  pay(2, "e-1");
  EXPECT_EQ(client_.sent.size(), 2u);
}

TEST_F(PaymentEventListenerTest, aborts_a_request_only_for_the_ticket_that_it_runs_for) {
  pay(1, "e-1");
  pay(2, "e-1");
  const auto waiting = listener_.abort(2);
  ASSERT_TRUE(waiting);
  EXPECT_EQ(waiting->failure.remedy, Remedy::unavailable);
  EXPECT_TRUE(client_.aborted.empty());
  EXPECT_FALSE(listener_.abort(1));
  EXPECT_EQ(client_.aborted, std::vector<Ticket>{1});
  EXPECT_EQ(deliver(1, Answer::failed).size(), 1u);
}

TEST_F(PaymentEventListenerTest, has_nothing_to_abort_for_a_ticket_that_is_concluded) {
  pay(1, "e-1");
  deliver(1, Answer::accepted);
  EXPECT_FALSE(listener_.abort(1));
  EXPECT_TRUE(client_.aborted.empty());
}

}  // namespace
}  // namespace notifications
