// gantry.http/1 as a plugin calls it: through the ABI, and checked.
#include "plugin/http_replies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "plugin/host_services.hpp"

namespace gantry::plugin {
namespace {

// Takes the reply to slot 7.
class Route : public route::Settler {
 public:
  std::optional<route::HttpReply> reply_;
  bool settle(gantry_slot, const gantry_outcome&) override { return true; }
  bool reply(gantry_slot slot, route::HttpReply&& reply) override {
    if (slot != 7) return false;
    reply_ = std::move(reply);
    return true;
  }
};

gantry_str str(std::string_view text) { return {text.data(), text.size()}; }
gantry_bytes bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

struct Plugin {
  Route route;
  HostServices services{"payments", "payment", route, {{GANTRY_HTTP_V1, &http_replies()}}};

  std::int32_t respond(gantry_slot slot, std::int32_t status,
                       const std::vector<gantry_header>& headers = {},
                       std::string_view type = "application/json") {
    const auto* table = static_cast<const gantry_http_v1*>(
        services.table()->extension(services.table(), GANTRY_HTTP_V1));
    return table->respond(services.table(), slot, status, str(type), headers.data(), headers.size(),
                          bytes("{}"));
  }
  std::uint64_t misdeeds() { return services.misbehaviour().count_of("bad_reply"); }
};

TEST(HttpReplies, reach_the_route) {
  Plugin plugin;
  EXPECT_EQ(plugin.respond(7, 202, {{str("Location"), bytes("/coupons/5")}}), GANTRY_DONE);
  ASSERT_TRUE(plugin.route.reply_);
  EXPECT_EQ(plugin.route.reply_->status, 202);
  EXPECT_EQ(plugin.route.reply_->content_type, "application/json");
  EXPECT_EQ(plugin.route.reply_->body, "{}");
  EXPECT_THAT(plugin.route.reply_->fields,
              testing::ElementsAre(testing::Pair("Location", "/coupons/5")));
  EXPECT_EQ(plugin.misdeeds(), 0u);
}

TEST(HttpReplies, to_a_slot_that_waits_for_none_are_refused) {
  EXPECT_EQ(Plugin().respond(8, 200), GANTRY_UNKNOWN_SLOT);
}

TEST(HttpReplies, with_a_status_that_is_none_become_500_and_count) {
  for (const int status : {0, 100, 199, 600, -1}) {
    Plugin plugin;
    plugin.respond(7, status);
    EXPECT_EQ(plugin.route.reply_->status, 500) << status;
    EXPECT_EQ(plugin.misdeeds(), 1u) << status;
  }
}

TEST(HttpReplies, lose_fields_that_would_break_the_answers_framing) {
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"X-Split", "a\r\nSet-Cookie: b"},
                                                        {"X Name", "a"},
                                                        {"", "a"},
                                                        {"X:", "a"},
                                                        {"Content-Length", "0"},
                                                        {"transfer-encoding", "chunked"},
                                                        {"Connection", "close"}}) {
    Plugin plugin;
    plugin.respond(7, 200, {{str(name), bytes(value)}});
    EXPECT_TRUE(plugin.route.reply_->fields.empty()) << name;
    EXPECT_EQ(plugin.misdeeds(), 1u) << name;
  }
}

TEST(HttpReplies, lose_a_content_type_that_would_break_the_answers_framing) {
  Plugin plugin;
  plugin.respond(7, 200, {}, "text/plain\r\nX: y");
  EXPECT_EQ(plugin.route.reply_->content_type, "");
  EXPECT_EQ(plugin.misdeeds(), 1u);
}

TEST(HttpReplies, are_not_there_on_a_route_without_requests) {
  Route route;
  HostServices services("orders", "saver", route, {});
  EXPECT_EQ(services.table()->extension(services.table(), GANTRY_HTTP_V1), nullptr);
}

}  // namespace
}  // namespace gantry::plugin
