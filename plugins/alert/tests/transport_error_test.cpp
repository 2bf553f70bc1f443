#include "transport_error.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace notifications {
namespace {

using outcome::Remedy;

TEST(TransportError, is_the_provider_being_away) {
  const std::map<CURLcode, std::string> expected{
      {CURLE_COULDNT_RESOLVE_HOST, "http.dns"}, {CURLE_COULDNT_CONNECT, "http.connect"},
      {CURLE_SSL_CONNECT_ERROR, "http.tls"},    {CURLE_PEER_FAILED_VERIFICATION, "http.tls"},
      {CURLE_RECV_ERROR, "http.reset"},         {CURLE_SEND_ERROR, "http.reset"},
      {CURLE_GOT_NOTHING, "http.reset"},        {CURLE_PARTIAL_FILE, "http.reset"},
  };
  for (const auto& [error, error_class] : expected) {
    const outcome::Failure failure = transport_failure(error, true);
    EXPECT_EQ(failure.remedy, Remedy::unavailable) << error_class;
    EXPECT_EQ(failure.error_class, error_class);
  }
}

TEST(TransportError, of_time_depends_on_whether_the_request_was_sent) {
  const auto connect = transport_failure(CURLE_OPERATION_TIMEDOUT, false);
  EXPECT_EQ(connect.remedy, Remedy::unavailable);
  EXPECT_EQ(connect.error_class, "http.connect_timeout");
  const auto answer = transport_failure(CURLE_OPERATION_TIMEDOUT, true);
  EXPECT_EQ(answer.remedy, Remedy::retry);
  EXPECT_EQ(answer.error_class, "http.timeout");
}

TEST(TransportError, that_is_not_known_is_retried) {
  EXPECT_EQ(transport_failure(CURLE_WEIRD_SERVER_REPLY, true).remedy, Remedy::retry);
}

}  // namespace
}  // namespace notifications
