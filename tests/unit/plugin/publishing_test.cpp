// gantry.publish/1 as a plugin calls it: through the ABI and the SDK.
#include "plugin/publishing.hpp"

#include <gtest/gtest.h>

#include <gantry/extensions.hpp>
#include <optional>
#include <vector>

#include "plugin/host_services.hpp"

namespace gantry::plugin {
namespace {

// Holds what is published for slot 7, as far as there is room.
class Route : public route::Settler {
 public:
  bool settle(gantry_slot, const gantry_outcome&) override { return true; }
  std::int32_t publish(gantry_slot slot, const MakeRecord& make) override {
    if (slot != 7) return GANTRY_UNKNOWN_SLOT;
    const std::string trace = "00-aa-bb-01";
    const gantry_header header{{"traceparent", 11},
                               {reinterpret_cast<const std::uint8_t*>(trace.data()), trace.size()}};
    route::OutRecord record;
    const std::int32_t code = make({&header, 1}, record);
    if (code == GANTRY_DONE) records.push_back(std::move(record));
    return code == GANTRY_DONE ? says : code;
  }
  std::int32_t says = GANTRY_DONE;
  std::vector<route::OutRecord> records;
};

config::Route with_output() {
  config::Route route;
  route.outputs["created"].topic = "trace-topic";
  route.outputs["created"].key_format = config::KeyFormat::int64;
  route.outputs["created"].headers = {{"__TypeId__", "OrderCreatedEvent"}};
  return route;
}

struct Plugin {
  Route route;
  HostServices services{"payments",
                        "payment",
                        route,
                        {{GANTRY_PUBLISH_V1, &publishing()}},
                        OutputRecords(with_output())};
  const gantry_publish_v1* table = static_cast<const gantry_publish_v1*>(
      services.table()->extension(services.table(), GANTRY_PUBLISH_V1));
  Publisher publisher{services.table(), table};

  Outcome publish(gantry_slot slot, const Record& record) {
    return publisher.publish(Slot(services.table(), slot), record);
  }
};

TEST(PublishingTable, hands_the_route_what_goes_on_the_wire) {
  Plugin plugin;
  EXPECT_TRUE(plugin.publish(7, {"created", "1", "{}", {{"x", "y"}}}));
  ASSERT_EQ(plugin.route.records.size(), 1u);
  const route::OutRecord& record = plugin.route.records[0];
  EXPECT_EQ(record.topic, "trace-topic");
  EXPECT_EQ(record.key, std::string("\0\0\0\0\0\0\0\1", 8));
  EXPECT_EQ(record.value, "{}");
  ASSERT_EQ(record.headers.size(), 3u);
  EXPECT_EQ(record.headers[0].name, "__TypeId__");
  EXPECT_EQ(record.headers[1].name, "x");
  EXPECT_EQ(record.headers[2].name, "traceparent");
}

TEST(PublishingTable, refuses_with_the_code_that_says_why) {
  Plugin plugin;
  EXPECT_EQ(plugin.publish(8, {"created", "1", "{}", {}}).code(), GANTRY_UNKNOWN_SLOT);
  EXPECT_EQ(plugin.publish(7, {"other", "1", "{}", {}}).code(), GANTRY_UNKNOWN_OUTPUT);
  EXPECT_EQ(plugin.publish(7, {"created", "one", "{}", {}}).code(), GANTRY_BAD_KEY);
  for (const std::int32_t code : {GANTRY_FULL, GANTRY_TOO_LARGE}) {
    plugin.route.says = code;
    EXPECT_EQ(plugin.publish(7, {"created", "1", "{}", {}}).code(), code);
  }
}

TEST(PublishingTable, takes_no_record_or_a_short_one_as_misbehaviour) {
  Plugin plugin;
  EXPECT_LT(plugin.table->publish(plugin.services.table(), 7, nullptr), 0);
  gantry_record record{};
  record.struct_size = sizeof record - 1;
  EXPECT_LT(plugin.table->publish(plugin.services.table(), 7, &record), 0);
  EXPECT_EQ(plugin.services.misbehaviour().count_of("bad_record"), 2u);
}

TEST(PublishingTable, refuses_what_an_abandoned_handler_publishes_after_its_route_has_ended) {
  Plugin plugin;
  plugin.services.detach();
  EXPECT_EQ(plugin.publish(7, {"created", "1", "{}", {}}).code(), GANTRY_UNKNOWN_SLOT);
}

}  // namespace
}  // namespace gantry::plugin
