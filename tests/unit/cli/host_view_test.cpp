// What a host says of its routes, read and shown.
#include "cli/host_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "cli/route_table.hpp"

namespace gantry::cli {
namespace {

using testing::HasSubstr;

constexpr const char* kRoutes = R"({"host":"one","time":"2026-11-28T12:00:00.000Z","routes":[
{"name":"alert","handler":"alert","source":"trace-topic","group":"g","ready":false,"state":"unavailable",
 "reason":"AlertTalk does not answer","since":"2026-11-28T11:48:00.000Z","stalled":true,"lag":51,"partitions":[],
 "inFlight":1,"readyKeys":2,"parkedKeys":3,"deadLettersWaiting":0,
 "counts":{"ok":1,"retry":2,"reject":3,"unavailable":9,"timeout":4,"settled":5,"deadLetters":6,"rebalances":1,
           "commitFailures":0,"lostOffsets":0},
 "rates":{"seconds":60,"ok":0.25,"failed":12.5,"unavailable":0,"settled":1503},"misbehaviour":{},
 "lastErrors":[{"time":"2026-11-28T11:59:59.000Z","times":9,"verdict":"unavailable","reason":"no\nconnection",
                "class":"","topic":"trace-topic","partition":0,"offset":15}]},
{"name":"payment","handler":"payment","source":"POST /payments","group":null,"ready":true,"state":"running",
 "reason":"","since":"2026-11-26T11:48:00.000Z","stalled":false,"lag":null,"partitions":[],
 "inFlight":0,"readyKeys":0,"parkedKeys":0,"deadLettersWaiting":0,
 "counts":{"ok":7,"retry":0,"reject":0,"unavailable":0,"timeout":0,"settled":7,"deadLetters":0,"rebalances":0,
           "commitFailures":0,"lostOffsets":0},
 "rates":null,"misbehaviour":{},"lastErrors":[]}]})";

TEST(HostView, is_read_from_what_the_host_says) {
  const HostView view = parse_routes(kRoutes);
  ASSERT_EQ(view.routes.size(), 2u);
  const RouteView& alert = view.routes[0];
  EXPECT_EQ(view.host, "one");
  EXPECT_EQ(alert.name, "alert");
  EXPECT_EQ(alert.state, "unavailable") << "which says more than that it is stalled";
  EXPECT_EQ(alert.lag, 51);
  EXPECT_EQ(alert.counts.failed, 9u);
  EXPECT_EQ(alert.rates->failed, 12.5);
  EXPECT_EQ(alert.errors[0].where, "trace-topic:0:15");
  EXPECT_EQ(view.routes[1].lag, std::nullopt);
  EXPECT_FALSE(view.routes[1].rates);
}

TEST(HostView, tells_of_an_answer_that_is_not_a_hosts) {
  for (const char* text : {"", "<html>", "[]", "{}", R"({"host":"x","time":"","routes":[{}]})"})
    EXPECT_THROW(parse_routes(text), std::runtime_error) << text;
}

TEST(HostView, shows_a_line_a_route_and_what_is_wrong) {
  std::ostringstream out;
  print_routes(out, parse_routes(kRoutes));
  print_troubles(out, parse_routes(kRoutes));
  EXPECT_EQ(
      out.str(),
      "ROUTE    STATE        SINCE  LAG  OK/S  FAILED/S  IN FLIGHT  WAITING  PARKED  DEAD "
      "LETTERS\n"
      "alert    unavailable    12m   51  0.25      12.5          1        2       3             "
      "6\n"
      "payment  running         2d    -     -         -          0        0       0             "
      "0\n"
      "alert is unavailable: AlertTalk does not answer\n"
      "alert, last error at 2026-11-28T11:59:59.000Z: unavailable of trace-topic:0:15, 9 "
      "times: no\\nconnection\n");
}

TEST(HostView, shows_a_rate_with_as_many_digits_as_matter) {
  EXPECT_EQ(rate_text(0), "0");
  EXPECT_EQ(rate_text(0.254), "0.25");
  EXPECT_EQ(rate_text(12.54), "12.5");
  EXPECT_EQ(rate_text(1503.4), "1503");
}

TEST(Address, is_a_host_and_a_port) {
  EXPECT_EQ(parse_address("127.0.0.1:9464")->port, 9464);
  EXPECT_EQ(parse_address("[::1]:9464")->address, "::1");
  EXPECT_EQ(parse_address("localhost:1")->address, "127.0.0.1");
  EXPECT_EQ(parse_address(":1")->address, "127.0.0.1");
  for (const char* text :
       {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "[::1:1", "127.0.0.1:1x"})
    EXPECT_FALSE(parse_address(text)) << text;
}

}  // namespace
}  // namespace gantry::cli
