#include "http/health_endpoints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gantry::http {
namespace {

Response ask(const observe::Health& health, const std::string& path) {
  return health_endpoints(health).at(path)({"GET", path, ""});
}

TEST(HealthEndpoints, healthz_is_200_whatever_the_parts_say) {
  observe::Health health;
  health.report("kafka", false, "waiting", "no brokers");
  EXPECT_EQ(ask(health, "/healthz").status, 200);
}

TEST(HealthEndpoints, readyz_is_200_when_each_part_is_ready) {
  observe::Health health;
  EXPECT_EQ(ask(health, "/readyz").status, 200);
  EXPECT_EQ(ask(health, "/readyz").body, "{\"ready\":true,\"parts\":{}}\n");
  health.report("kafka", true, "running");
  EXPECT_EQ(ask(health, "/readyz").status, 200);
}

TEST(HealthEndpoints, readyz_is_503_with_the_reason_when_a_part_is_not) {
  observe::Health health;
  health.report("kafka", true, "running");
  health.report("route:alert", false, "holding", "the \"DLQ\" is\nfull");
  const Response response = ask(health, "/readyz");
  EXPECT_EQ(response.status, 503);
  EXPECT_THAT(
      response.body,
      testing::MatchesRegex(
          R"(\{"ready":false,"parts":\{"kafka":\{"ready":true,"state":"running","reason":"",)"
          R"("since":"[0-9T:.-]+Z"\},"route:alert":\{"ready":false,"state":"holding",)"
          R"("reason":"the \\"DLQ\\" is\\nfull","since":"[0-9T:.-]+Z"\}\}\})"
          "\n"));
}

}  // namespace
}  // namespace gantry::http
