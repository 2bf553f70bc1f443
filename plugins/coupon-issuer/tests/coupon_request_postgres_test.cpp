// Requests for coupons in a real PostgreSQL, by the migrations that the library and the host carry.
#include <gtest/gtest.h>

#include <pqxx/pqxx>

#include "coupon_fixture.hpp"

namespace coupons::testing {
namespace {

class CouponRequestPostgresTest : public CouponFixture {
 protected:
  CouponRequestPostgresTest() {
    configure(host_);
    host_.as_http_route();
  }
  Reply reply(const Input& input) {
    const auto result = host_.deliver(input);
    EXPECT_TRUE(result.is_ok()) << result.reason;
    return host_.reply(result.slot).value_or(Reply{0, "", "", {}});
  }
  std::vector<int> statuses(const std::vector<Input>& inputs) {
    std::vector<int> all;
    for (const auto& result : host_.deliver(inputs)) {
      EXPECT_TRUE(result.is_ok()) << result.reason;
      all.push_back(host_.reply(result.slot)->status);
    }
    return all;
  }
  FakeHost host_{gantry_plugin_v1, "coupon-request"};
};

TEST_F(CouponRequestPostgresTest, takes_one_from_stock_and_tells_of_it) {
  add_type(3, 100);
  const auto answer = reply(http_request(3, 7));
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.content_type, "application/json");
  EXPECT_EQ(answer.body, R"({"couponId":3,"userId":7,"number":1,"status":"QUEUED"})");
  EXPECT_EQ(remaining(3), 99);
  EXPECT_EQ(database_.value<std::string>(
                "SELECT concat_ws(' ', kind, route, topic, encode(key, 'hex')) FROM gantry_outbox"),
            "record test-route coupon_issue 0000000000000007");
  EXPECT_EQ(database_.value<std::string>(
                "SELECT concat_ws(' ', v ->> 'type', v ->> 'couponId', v ->> 'userId', v ->> "
                "'number', (v ->> 'occurredAt')::timestamptz = requested_at) FROM coupon_requests, "
                "(SELECT convert_from(value, 'UTF8')::json AS v FROM gantry_outbox) AS o"),
            "CouponIssueEvent 3 7 1 t");
  EXPECT_EQ(host_.wakes(), 1u);
}

TEST_F(CouponRequestPostgresTest, tells_the_same_user_again_what_became_of_it) {
  add_type(3, 1);
  ASSERT_EQ(reply(http_request(3, 7)).status, 202);
  const auto waiting = reply(http_request(3, 7));
  EXPECT_EQ(waiting.status, 200);
  EXPECT_EQ(waiting.body, R"({"couponId":3,"userId":7,"number":1,"status":"QUEUED"})");
  database_.execute("INSERT INTO coupons (coupon_id, user_id) VALUES (3, 7)");
  EXPECT_EQ(reply(http_request(3, 7)).body,
            R"({"couponId":3,"userId":7,"number":1,"status":"ISSUED"})");
  EXPECT_EQ(database_.count("gantry_outbox"), 1);
  EXPECT_EQ(host_.wakes(), 1u);
}

TEST_F(CouponRequestPostgresTest, tells_everybody_else_that_it_is_sold_out) {
  add_type(3, 1);
  ASSERT_EQ(reply(http_request(3, 7)).status, 202);
  const auto answer = reply(http_request(3, 8));
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.body, R"({"type":"urn:gantry:problem:sold-out","title":"Conflict","status":409,)"
                         R"("detail":"the coupon is sold out"})");
}

TEST_F(CouponRequestPostgresTest, does_not_know_an_unknown_coupon) {
  EXPECT_EQ(reply(http_request(3, 7)).status, 404);
}

TEST_F(CouponRequestPostgresTest, gives_nothing_before_after_or_while_suspended) {
  for (int id : {1, 2, 3, 4}) add_type(id, 10);
  database_.execute(
      "UPDATE coupon_types SET valid_from = now() + interval '1 h' WHERE coupon_id = 1;"
      "UPDATE coupon_types SET valid_until = now() - interval '1 s' WHERE coupon_id = 2;"
      "UPDATE coupon_types SET status = 'SUSPENDED' WHERE coupon_id = 3;"
      "UPDATE coupon_types SET valid_from = now() - interval '1 h', "
      "valid_until = now() + interval '1 h' WHERE coupon_id = 4");
  EXPECT_EQ(
      statuses({http_request(1, 7), http_request(2, 7), http_request(3, 7), http_request(4, 7)}),
      (std::vector{409, 409, 409, 202}));
}

TEST_F(CouponRequestPostgresTest, answers_each_request_of_a_batch_for_itself) {
  add_type(1, 1);
  add_type(2, 10);
  EXPECT_EQ(statuses({http_request(2, 7), http_request(1, 7), http_request(9, 7),
                      http_request(1, 7), http_request(1, 8), http_request(2, 8), message("{")}),
            (std::vector{202, 202, 404, 200, 409, 202, 422}));
  EXPECT_EQ(database_.count("gantry_outbox"), 3);
  EXPECT_EQ(host_.metric("coupon_requests_accepted_total"), 3);
  EXPECT_EQ(host_.metric("coupon_requests_repeated_total"), 1);
  EXPECT_EQ(host_.metric("coupon_requests_sold_out_total"), 1);
  EXPECT_EQ(host_.metric("coupon_requests_unknown_total"), 1);
  EXPECT_EQ(host_.metric("coupon_requests_invalid_total"), 1);
}

TEST_F(CouponRequestPostgresTest,
       waits_for_the_lock_of_a_coupon_only_where_something_can_be_taken) {
  host_.set("database", database_.dsn() + " options='-c lock_timeout=100ms'");
  for (int id : {1, 2, 3}) add_type(id, 1);
  ASSERT_EQ(reply(http_request(1, 7)).status, 202);  // sold out now
  database_.execute("UPDATE coupon_types SET status = 'SUSPENDED' WHERE coupon_id = 2");
  pqxx::connection other(database_.dsn());
  pqxx::nontransaction holder(other);
  holder.exec(
      "SELECT pg_advisory_lock(id # 109330362822510) FROM unnest('{1,2,3}'::bigint[]) AS id");
  EXPECT_EQ(statuses({http_request(1, 8), http_request(2, 8)}), (std::vector{409, 409}));
  const auto waited = host_.deliver(http_request(3, 8));
  EXPECT_TRUE(waited.is_retry() || waited.is_unavailable()) << waited.reason;
  EXPECT_EQ(remaining(3), 1);
  holder.exec("SELECT pg_advisory_unlock_all()");
  EXPECT_EQ(reply(http_request(3, 8)).status, 202);
}

TEST_F(CouponRequestPostgresTest, takes_a_batch_in_one_transaction) {
  add_type(1, 600);
  std::vector<Input> batch;
  for (int user = 1; user <= 1000; ++user) batch.push_back(http_request(1, user));
  const auto answers = statuses(batch);
  EXPECT_EQ(std::count(answers.begin(), answers.end(), 202), 600);
  EXPECT_EQ(std::count(answers.begin(), answers.end(), 409), 400);
  EXPECT_EQ(database_.value<int>("SELECT count(DISTINCT xmin::text) FROM coupon_requests"), 1);
  EXPECT_EQ(remaining(1), 0);
}

TEST_F(CouponRequestPostgresTest, from_a_topic_has_an_outcome_and_no_answer) {
  add_type(1, 1);
  FakeHost topic(gantry_plugin_v1, "coupon-request");
  configure(topic);
  for (const auto& result :
       topic.deliver({record(1, 7), record(1, 8), record(1, 7), record(9, 7)})) {
    EXPECT_TRUE(result.is_ok()) << result.reason;
  }
  EXPECT_EQ(topic.metric("coupon_requests_accepted_total"), 1);
  EXPECT_EQ(topic.metric("coupon_requests_sold_out_total"), 1);
  EXPECT_EQ(topic.metric("coupon_requests_repeated_total"), 1);
  EXPECT_EQ(topic.metric("coupon_requests_unknown_total"), 1);
}

TEST_F(CouponRequestPostgresTest, continues_the_numbers_of_an_enlarged_stock) {
  add_type(1, 1);
  ASSERT_EQ(statuses({http_request(1, 7), http_request(1, 8)}), (std::vector{202, 409}));
  database_.execute("UPDATE coupon_types SET stock = stock + 2, remaining = remaining + 2");
  EXPECT_EQ(reply(http_request(1, 8)).body,
            R"({"couponId":1,"userId":8,"number":2,"status":"QUEUED"})");
}

TEST_F(CouponRequestPostgresTest, takes_nothing_that_it_cannot_tell_of) {
  add_type(1, 10);
  host_.unbind("coupon_issue");
  const auto results = host_.deliver({http_request(1, 7), http_request(1, 8)});
  EXPECT_TRUE(results[0].is_reject());
  EXPECT_TRUE(results[1].is_retry());
  EXPECT_EQ(remaining(1), 10);
  EXPECT_EQ(database_.count("coupon_requests"), 0);
}

TEST_F(CouponRequestPostgresTest, waits_for_a_migration_that_is_not_applied) {
  add_type(1, 10);
  database_.execute("ALTER TABLE gantry_outbox RENAME TO elsewhere");
  const auto result = host_.deliver(http_request(1, 7));
  EXPECT_TRUE(result.is_unavailable());
  EXPECT_EQ(result.error_class, "sqlstate.42P01");
  EXPECT_EQ(remaining(1), 10);
  database_.execute("ALTER TABLE elsewhere RENAME TO gantry_outbox");
  EXPECT_EQ(reply(http_request(1, 7)).status, 202);
}

// As when the process dies before the commit: the same request then finds everything as it was.
TEST_F(CouponRequestPostgresTest, leaves_nothing_of_a_transaction_that_did_not_commit) {
  add_type(1, 10);
  database_.execute(
      "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;"
      "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON gantry_outbox DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW EXECUTE FUNCTION die()");
  EXPECT_TRUE(host_.deliver(http_request(1, 7)).is_unavailable());
  EXPECT_EQ(remaining(1), 10);
  EXPECT_EQ(database_.count("coupon_requests"), 0);
  database_.execute("DROP TRIGGER die ON gantry_outbox");
  EXPECT_EQ(reply(http_request(1, 7)).status, 202);
}

}  // namespace
}  // namespace coupons::testing
