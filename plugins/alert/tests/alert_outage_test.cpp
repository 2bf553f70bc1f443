// A PostgreSQL and a provider that go and come back under the handler.
#include "alert_fixture.hpp"
#include "support/wait.hpp"

namespace notifications {
namespace {

using gantry::test::AlertReply;
using gantry::test::AlertRequest;
using gantry::test::Postgres;

struct OwnPostgres {
  Postgres postgres;
};

class AlertOutageTest : private OwnPostgres, public testing::AlertFixture {
 protected:
  AlertOutageTest() : AlertFixture(postgres.create_database()) {}
  void stop_database() { postgres.stop(); }
  void start_database() { postgres.start(); }
};

TEST_F(AlertOutageTest, of_the_database_is_waited_out) {
  EXPECT_TRUE(notify("e-1").is_ok());
  stop_database();
  EXPECT_TRUE(notify("e-2").is_unavailable());
  EXPECT_EQ(server_.request_count(), 1u);
  start_database();
  EXPECT_TRUE(notify("e-2").is_ok());
  EXPECT_EQ(row("e-2"), "SENT 1 41 7 t");
}

TEST_F(AlertOutageTest, of_the_database_during_a_request_does_not_notify_twice) {
  host_.start(2);
  server_.behave([&](const AlertRequest& request) {
    if (request.number == 1) stop_database();
    return AlertReply{};
  });
  EXPECT_TRUE(notify("e-1").is_unavailable());
  EXPECT_TRUE(notify("e-1", 1).is_unavailable());
  start_database();
  EXPECT_TRUE(notify("e-1", 1).is_ok());
  EXPECT_EQ(row("e-1"), "SENT 1 41 7 t");
  EXPECT_EQ(server_.request_count(), 1u);
}

TEST_F(AlertOutageTest, of_the_provider_is_waited_out) {
  server_.stop();
  EXPECT_TRUE(notify("e-1").is_unavailable());
  server_.start();
  EXPECT_TRUE(notify("e-1").is_ok());
  EXPECT_EQ(row("e-1"), "SENT 2 41 7 t");
}

}  // namespace
}  // namespace notifications
