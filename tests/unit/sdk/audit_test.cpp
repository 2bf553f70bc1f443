#include <gtest/gtest.h>

#include <gantry/testing.hpp>
#include <string>

using gantry::testing::FakeHost;
using gantry::testing::message;

namespace {

TEST(Audit, is_described_by_constant_data) {
  ASSERT_EQ(gantry_plugin_v1.handler_count, 1u);
  const gantry_handler_type& type = *gantry_plugin_v1.handlers[0];
  EXPECT_STREQ(gantry_plugin_v1.name, "acme-audit");
  EXPECT_STREQ(type.id, "audit");
  EXPECT_EQ(type.flags, std::uint32_t{GANTRY_SOURCE_TOPIC});
  EXPECT_EQ(type.max_batch, 1u);
  ASSERT_EQ(type.option_count, 1u);
  EXPECT_STREQ(type.options[0]->fallback, "65536");
  EXPECT_STREQ(type.options[0]->allowed, "1..1048576");
}

TEST(Audit, rejects_a_message_above_its_limit) {
  FakeHost host(gantry_plugin_v1, "audit");
  host.set("max_bytes", 3);
  EXPECT_TRUE(host.deliver(message("123")).is_ok());
  EXPECT_EQ(host.deliver(message("1234")).reason, "too large");
}

TEST(Audit, has_the_default_where_nothing_is_set) {
  FakeHost host(gantry_plugin_v1, "audit");
  EXPECT_TRUE(host.deliver(message(std::string(65536, 'x'))).is_ok());
  EXPECT_TRUE(host.deliver(message(std::string(65537, 'x'))).is_reject());
}

}  // namespace
