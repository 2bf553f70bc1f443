#include <gtest/gtest.h>

#include <identity/event_id.hpp>
#include <stdexcept>

namespace identity {
namespace {

// The first is RFC 9562, appendix A.4.
TEST(UuidV5, is_the_published_one_of_published_names) {
  EXPECT_EQ(uuid_v5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com"),
            "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  EXPECT_EQ(uuid_v5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "python.org"),
            "886313e1-3b8a-5372-9b90-0c9aee199e5d");
}

TEST(UuidV5, of_nothing_and_of_much_has_version_and_variant) {
  for (const std::string& name : {std::string(), std::string(1000, 'x'), std::string("a\0b", 3)}) {
    const std::string uuid = uuid_v5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", name);
    EXPECT_EQ(uuid.size(), 36u);
    EXPECT_EQ(uuid[14], '5');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
  }
}

TEST(UuidV5, refuses_a_namespace_that_is_no_uuid) {
  EXPECT_THROW(uuid_v5("not-a-uuid", "x"), std::runtime_error);
}

// Stored in databases and topics: a change here would give events that are there already a second
// id.
TEST(EventId, never_changes) {
  EXPECT_EQ(event_id("OrderCreatedEvent", "41"), "c01a9b51-53dc-5b3c-a0aa-2701ca62742e");
  EXPECT_EQ(event_id("CouponIssueEvent", "3/7"), "7f271020-ddaa-5da9-8d92-4a4f32165ee2");
}

TEST(EventId, differs_by_type_and_by_key) {
  EXPECT_NE(event_id("OrderCreatedEvent", "41"), event_id("OrderCreatedEvent", "42"));
  EXPECT_NE(event_id("OrderCreatedEvent", "41"), event_id("CouponIssueEvent", "41"));
}

}  // namespace
}  // namespace identity
