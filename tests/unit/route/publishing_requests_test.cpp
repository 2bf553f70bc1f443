// What is published for HTTP requests, whose clients wait until it has got through.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/route/publishing.hpp"

namespace gantry::route {
namespace {

using std::chrono::seconds;
using testing::IsEmpty;
using testing::SizeIs;

class PublishingForRequests : public testing::Test {
 protected:
  PublishingForRequests() : engine_(kOneByOne, http_route()) { engine_.assign(); }
  static config::Route http_route() {
    config::Route route = make_route();
    route.topics.clear();
    route.http = config::HttpSource{"POST", "/payments", ""};
    return route;
  }
  void handle(const char* value) {
    engine_.offer({std::nullopt});
    Claim* claim = engine_.take(1);
    ASSERT_NE(claim, nullptr);
    engine_.publish(claim, 0, "k", value);
    engine_.settle(claim, GANTRY_OK);
  }
  Engine engine_;
};

TEST_F(PublishingForRequests, lets_the_answer_wait_until_all_of_it_has_got_through) {
  handle("v");
  EXPECT_EQ(engine_.succeeded, 0u);
  engine_.get_through();
  EXPECT_EQ(engine_.succeeded, 1u);
}

TEST_F(PublishingForRequests, that_is_refused_for_good_is_the_answer_of_its_request_alone) {
  handle("bad");
  handle("good");
  engine_.refuse_record();
  engine_.get_through();
  EXPECT_EQ(engine_.succeeded, 1u);
  ASSERT_THAT(engine_.letters, SizeIs(1));
  EXPECT_EQ(engine_.letters[0].cause, DeadLetterCause::send_failed);
  engine_.acknowledge();
  EXPECT_EQ(engine_.succeeded, 1u);
  EXPECT_EQ(engine_.dispatcher.status().availability, Availability::State::open);
}

TEST_F(PublishingForRequests, that_fails_at_first_goes_again) {
  handle("v");
  engine_.fail();
  engine_.pass(seconds{1});
  engine_.get_through();
  EXPECT_EQ(engine_.succeeded, 1u);
}

TEST_F(PublishingForRequests, that_fails_for_long_is_given_up_and_requests_are_told_to_wait) {
  handle("v");
  engine_.offer({std::nullopt});
  engine_.pass(SendOrder::kRecallAfter);
  engine_.fail();
  ASSERT_THAT(engine_.letters, SizeIs(2));
  for (const DeadLetterJob& letter : engine_.letters) {
    EXPECT_EQ(letter.cause, DeadLetterCause::unavailable);
    EXPECT_EQ(letter.outcome.reason, "no leader");
    EXPECT_GT(letter.outcome.retry_after_ms, 0u);
  }
  engine_.pass(seconds{60});
  EXPECT_THAT(engine_.flying, IsEmpty());
}

TEST_F(PublishingForRequests, that_works_again_lets_the_others_in) {
  handle("v");
  engine_.pass(SendOrder::kRecallAfter);
  engine_.fail();
  engine_.pass(seconds{1});
  handle("probe");
  engine_.offer({std::nullopt});
  EXPECT_EQ(engine_.take(), nullptr) << "the probe's record is still on its way";
  engine_.get_through();
  EXPECT_EQ(engine_.succeeded, 1u);
  EXPECT_EQ(engine_.dispatcher.status().availability, Availability::State::open);
}

TEST_F(PublishingForRequests, that_ends_with_the_assignment_of_a_probe_lets_another_one_ask) {
  handle("v");
  engine_.pass(SendOrder::kRecallAfter);
  engine_.fail();
  engine_.pass(seconds{1});
  handle("probe");
  engine_.fail();  // and waits to go again
  engine_.revoke();
  engine_.assign();
  handle("another probe");
  engine_.get_through();
  EXPECT_EQ(engine_.succeeded, 1u);
  EXPECT_EQ(engine_.dispatcher.status().availability, Availability::State::open);
}

TEST_F(PublishingForRequests, at_the_end_of_the_route_is_no_success) {
  handle("v");
  engine_.revoke();
  engine_.get_through();
  EXPECT_EQ(engine_.succeeded, 0u);
}

}  // namespace
}  // namespace gantry::route
