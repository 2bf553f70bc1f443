// What the demo makes of answers and topics: it counts what it sees.
#include <gtest/gtest.h>

#include "demo/coupons.hpp"
#include "demo/disturbances.hpp"
#include "demo/numbers.hpp"
#include "demo/payments.hpp"

namespace gantry::demo {
namespace {

constexpr const char* kId = "70d2bf37-08c1-5492-95a4-444891d68121";

TEST(PaymentAnswers, tell_the_first_from_repeats_and_from_what_should_not_be) {
  const std::vector<Request> requests{{"/p", "a"}, {"/p", "a"}, {"/p", "a"},
                                      {"/p", "b"}, {"/p", "c"}, {"/p", "d"},
                                      {"/p", "e"}, {"/p", "f"}, {"/p", "g"}};
  const PaymentAnswers counted = count(requests, {{200, "x"},
                                                  {200, "x"},
                                                  {200, "y"},
                                                  {200, "x"},
                                                  {409, ""},
                                                  {404, ""},
                                                  {422, ""},
                                                  {503, ""},
                                                  {0, ""}});
  EXPECT_EQ(counted.sent, 9);
  EXPECT_EQ(counted.paid, 2);
  EXPECT_EQ(counted.repeated, 1);
  EXPECT_EQ(counted.repeated_differently, 1);
  EXPECT_EQ(counted.conflicting, 1);
  EXPECT_EQ(counted.unknown, 1);
  EXPECT_EQ(counted.malformed, 1);
  EXPECT_EQ(counted.failed, 2);
}

TEST(CouponAnswers, tell_why_there_is_no_coupon) {
  const CouponAnswers counted = count({{202, ""},
                                       {200, ""},
                                       {409, R"({"type":"urn:gantry:problem:sold-out"})"},
                                       {409, R"({"type":"urn:gantry:problem:not-open"})"},
                                       {409, R"({"type":"urn:gantry:problem:something-new"})"},
                                       {404, ""},
                                       {400, ""},
                                       {500, ""}});
  EXPECT_EQ(counted.sent, 8);
  EXPECT_EQ(counted.accepted, 1);
  EXPECT_EQ(counted.repeated, 1);
  EXPECT_EQ(counted.sold_out, 1);
  EXPECT_EQ(counted.not_open, 1);
  EXPECT_EQ(counted.unknown, 1);
  EXPECT_EQ(counted.malformed, 1);
  EXPECT_EQ(counted.failed, 2);
}

TEST(CouponAnswers, only_who_got_one_asks_again) {
  const std::vector<Request> requests{{"/c", "1"}, {"/c", "2"}, {"/c", "3"}};
  const auto asked = again(requests, {{202, ""}, {409, ""}, {202, ""}});
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[1].body, "3");
}

TEST(Topic, tells_events_from_copies_and_from_what_is_malformed) {
  embedded::Record event;
  event.value = std::string(R"({"eventId":")") + kId + R"("})";
  embedded::Record other = event;
  other.value->replace(other.value->find("70d2"), 4, "80d2");
  std::vector<embedded::Record> records{event, other, event, event};
  for (const auto& malformed : malformed_orders("orders")) records.push_back(malformed);
  for (const auto& malformed : malformed_coupons("coupons")) records.push_back(malformed);
  embedded::Record tombstone;
  records.push_back(tombstone);
  const TopicNumbers numbers = count_events(records);
  EXPECT_EQ(numbers.records, static_cast<std::int64_t>(records.size()));
  EXPECT_EQ(numbers.events, 2);
  EXPECT_EQ(numbers.copies, 2);
  EXPECT_EQ(numbers.malformed, 14);
}

}  // namespace
}  // namespace gantry::demo
