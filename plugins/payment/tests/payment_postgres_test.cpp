// Payments in a real PostgreSQL, by the migrations that the library and the host carry.
#include <gtest/gtest.h>

#include <order_event_reader.hpp>

#include "payment_fixture.hpp"

namespace payments::testing {
namespace {

class PaymentPostgresTest : public PaymentFixture {};

TEST_F(PaymentPostgresTest, pays_an_order_and_puts_its_event_into_the_outbox) {
  add_order(41);
  const auto answer = reply(request(41));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "application/json");
  EXPECT_EQ(order_status(41), "PAID");
  EXPECT_EQ(database_.value<std::string>(
                "SELECT concat_ws(' ', kind, route, topic, encode(key, 'hex'), partition IS NULL, "
                "headers IS NULL, held) FROM gantry_outbox"),
            "record test-route order_created 0000000000000029 t t f");
  EXPECT_EQ(host_.wakes(), 1u);
}

TEST_F(PaymentPostgresTest, tells_of_it_so_that_the_listeners_can_read_it) {
  add_order(41);
  ASSERT_EQ(status(message(R"({"orderId":41,"userId":7,"amount":12000,"currency":"KRW",)"
                           R"("items":[{"sku":"a\\b","qty":2,"price":6000}]})")),
            200);
  const auto value =
      database_.value<std::string>("SELECT convert_from(value, 'UTF8') FROM gantry_outbox");
  orders::OrderEventReader reader;
  orders::OrderCreatedEvent event;
  ASSERT_EQ(reader.read({"t", 0, 0, value, std::nullopt}, event), orders::Reading::event)
      << reader.reason();
  EXPECT_EQ(event.event_id, "c01a9b51-53dc-5b3c-a0aa-2701ca62742e");
  EXPECT_EQ(event.order_id, 41);
  EXPECT_EQ(event.user_id, 7);
  EXPECT_EQ(event.amount, 12000);
  EXPECT_EQ(event.currency, "KRW");
  EXPECT_EQ(event.status, "PAID");
  EXPECT_NE(value.find(R"("items":[{"sku":"a\\b","qty":2,"price":6000}])"), std::string::npos);
}

TEST_F(PaymentPostgresTest, dates_event_order_and_answer_alike) {
  add_order(41);
  const std::string body = reply(request(41)).body;
  const auto paid_at = database_.value<std::string>(
      "SELECT rtrim(to_char(paid_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '0') "
      "FROM orders");
  EXPECT_NE(body.find(paid_at), std::string::npos) << body << " " << paid_at;
  EXPECT_TRUE(database_.value<bool>(
      "SELECT (convert_from(value, 'UTF8')::json ->> 'occurredAt')::timestamptz = paid_at "
      "FROM gantry_outbox, orders"));
}

TEST_F(PaymentPostgresTest, gives_the_same_answer_again_and_no_second_event) {
  add_order(41);
  const auto first = reply(request(41));
  const auto second = reply(request(41));
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(database_.count("gantry_outbox"), 1);
}

TEST_F(PaymentPostgresTest, refuses_another_user_amount_or_currency) {
  add_order(41);
  EXPECT_EQ(status(request(41, 8)), 409);
  EXPECT_EQ(status(request(41, 7, 12001)), 409);
  EXPECT_EQ(status(request(41, 7, 12000, "USD")), 409);
  EXPECT_EQ(order_status(41), "PENDING");
  ASSERT_EQ(status(request(41)), 200);
  EXPECT_EQ(status(request(41, 8)), 409);
  EXPECT_EQ(database_.count("gantry_outbox"), 1);
}

TEST_F(PaymentPostgresTest, names_the_field_that_does_not_fit) {
  add_order(41);
  const auto answer = reply(request(41, 7, 12001));
  EXPECT_EQ(answer.content_type, "application/problem+json");
  EXPECT_EQ(answer.body,
            R"({"type":"urn:gantry:problem:other-amount","title":"Conflict","status":409,)"
            R"("detail":"the order is of another amount","field":"amount"})");
}

TEST_F(PaymentPostgresTest, refuses_a_cancelled_order) {
  add_order(41, "CANCELLED");
  EXPECT_EQ(status(request(41)), 409);
  EXPECT_EQ(database_.count("gantry_outbox"), 0);
}

TEST_F(PaymentPostgresTest, does_not_know_an_unknown_order) {
  EXPECT_EQ(status(request(41)), 404);
  EXPECT_EQ(database_.count("orders"), 0);
}

TEST_F(PaymentPostgresTest, creates_an_unknown_order_where_it_may) {
  host_.set("create_unknown_orders", true);
  EXPECT_EQ(status(request(41)), 200);
  EXPECT_EQ(order_status(41), "PAID");
  EXPECT_EQ(status(request(41, 8)), 409);
  EXPECT_EQ(database_.count("gantry_outbox"), 1);
}

TEST_F(PaymentPostgresTest, answers_each_request_of_a_batch_for_itself) {
  for (int id : {1, 2, 3}) add_order(id, id == 3 ? "CANCELLED" : "PENDING");
  const auto results = host_.deliver(
      {request(2), request(99), request(1), request(3), request(2), message("{}"), request(1, 8)});
  std::vector<int> statuses;
  for (const auto& result : results) {
    ASSERT_TRUE(result.is_ok()) << result.reason;
    statuses.push_back(host_.reply(result.slot)->status);
  }
  EXPECT_EQ(statuses, (std::vector{200, 404, 200, 409, 200, 422, 409}));
  EXPECT_EQ(host_.reply(results[0].slot)->body, host_.reply(results[4].slot)->body);
  EXPECT_EQ(database_.count("gantry_outbox"), 2);
  EXPECT_EQ(host_.metric("payments_paid_total"), 2);
  EXPECT_EQ(host_.metric("payments_repeated_total"), 1);
  EXPECT_EQ(host_.metric("payments_refused_total"), 2);
  EXPECT_EQ(host_.metric("payments_unknown_total"), 1);
  EXPECT_EQ(host_.metric("payments_invalid_total"), 1);
}

TEST_F(PaymentPostgresTest, takes_a_batch_in_one_transaction) {
  host_.set("create_unknown_orders", true);
  std::vector<Input> batch;
  for (int id = 1; id <= 1000; ++id) batch.push_back(request(id));
  for (const auto& result : host_.deliver(batch)) ASSERT_TRUE(result.is_ok()) << result.reason;
  EXPECT_EQ(database_.value<int>("SELECT count(DISTINCT xmin::text) FROM orders"), 1);
  EXPECT_EQ(database_.count("gantry_outbox"), 1000);
}

TEST_F(PaymentPostgresTest, pays_nothing_that_it_cannot_tell_of) {
  add_order(1);
  database_.execute("DROP TABLE gantry_outbox");
  const auto result = host_.deliver(request(1));
  EXPECT_TRUE(result.is_unavailable());
  EXPECT_EQ(result.error_class, "sqlstate.42P01");
  EXPECT_EQ(order_status(1), "PENDING");
}

TEST_F(PaymentPostgresTest, pays_nothing_that_the_host_does_not_take) {
  add_order(1);
  host_.unbind("order_created");
  const auto results = host_.deliver({request(1), request(99), message("{")});
  EXPECT_TRUE(results[0].is_reject());
  EXPECT_TRUE(results[1].is_retry());
  EXPECT_TRUE(results[2].is_ok());
  EXPECT_EQ(order_status(1), "PENDING");
  EXPECT_EQ(host_.wakes(), 0u);
}

// As when the process dies before the commit: the same request then finds everything as it was.
TEST_F(PaymentPostgresTest, leaves_nothing_of_a_transaction_that_did_not_commit) {
  add_order(1);
  database_.execute(
      "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;"
      "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON gantry_outbox DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW EXECUTE FUNCTION die()");
  EXPECT_TRUE(host_.deliver(request(1)).is_unavailable());
  EXPECT_EQ(order_status(1), "PENDING");
  database_.execute("DROP TRIGGER die ON gantry_outbox");
  EXPECT_EQ(status(request(1)), 200);
  EXPECT_EQ(database_.count("gantry_outbox"), 1);
}

}  // namespace
}  // namespace payments::testing
