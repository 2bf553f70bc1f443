// The handler over a real database and a local provider, for integration tests.
#pragma once

#include <gtest/gtest.h>

#include <gantry/testing.hpp>
#include <string>

#include "order_event.hpp"
#include "support/alerttalk_server.hpp"
#include "support/postgres.hpp"

namespace notifications::testing {

class AlertFixture : public ::testing::Test {
 protected:
  explicit AlertFixture(gantry::test::Database database) : database_{std::move(database)} {
    const gantry_handler_type& type = host_.type();
    for (std::size_t i = 0; i < type.migration_count; ++i) {
      database_.execute(type.migrations[i]->sql);
    }
    host_.set("database", database_.dsn())
        .set("url", server_.url())
        .set("template", "order-paid")
        .set("sender_key", "very-secret")
        .set("timeout_ms", std::chrono::seconds(30));
  }
  // Delivers the event and waits for what becomes of it.
  gantry::testing::Result notify(const std::string& event_id, std::size_t lane = 0) {
    const auto event = gantry::testing::message(orders::testing::order_event(event_id, 41));
    return host_.wait(host_.deliver(event, lane).slot, std::chrono::seconds(60));
  }
  std::string row(const std::string& event_id) {
    return database_.value<std::string>(
        "SELECT concat_ws(' ', state, attempts, order_id, user_id, sent_at IS NOT NULL) FROM "
        "notifications WHERE event_id = '" +
        event_id + "'");
  }
  static gantry::test::AlertTalkServer::Behaviour always(gantry::test::AlertReply reply) {
    return [reply](const gantry::test::AlertRequest&) { return reply; };
  }

  gantry::test::Database database_;
  gantry::test::AlertTalkServer server_;
  gantry::testing::FakeHost host_{gantry_plugin_v1, "alert"};
};

}  // namespace notifications::testing
