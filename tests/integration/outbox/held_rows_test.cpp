// Rows of gantry_outbox that wait for a person, on a real PostgreSQL.
#include "outbox/held_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gantry_outbox_migrations.hpp"
#include "support/postgres.hpp"

namespace gantry::outbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class HeldRows : public testing::Test {
 protected:
  HeldRows() {
    for (const auto& migration : migrations::gantry_outbox) database.execute(migration.sql);
  }
  std::int64_t insert(const std::string& topic, bool held, const std::string& route = "payment") {
    return database.value<std::int64_t>(
        "INSERT INTO gantry_outbox (route, topic, key, value, attempts, last_error, held) VALUES "
        "('" +
        route + "', '" + topic + "', 'k', 'v', 3, 'MSG_SIZE_TOO_LARGE', " +
        (held ? "true" : "false") + ") RETURNING id");
  }
  std::vector<std::int64_t> ids(const HeldFilter& filter) {
    std::vector<std::int64_t> found;
    for (const HeldRow& one : held_rows(database.dsn(), filter)) found.push_back(one.row.id);
    return found;
  }

  test::Database database = test::Postgres::shared().create_database();
};

TEST_F(HeldRows, are_those_that_are_held_in_order_with_what_happened) {
  const auto first = insert("a", true);
  insert("a", false);
  const auto second = insert("b", true);
  EXPECT_THAT(ids({}), ElementsAre(first, second));
  const auto rows = held_rows(database.dsn(), {.ids = {second}});
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].row.record.topic, "b");
  EXPECT_EQ(rows[0].row.record.value, "v");
  EXPECT_EQ(rows[0].attempts, 3);
  EXPECT_EQ(rows[0].error, "MSG_SIZE_TOO_LARGE");
}

TEST_F(HeldRows, are_found_by_route_and_topic_and_the_oldest_of_them) {
  const auto first = insert("a", true);
  const auto second = insert("b", true, "coupon''s request");
  insert("a", true);
  EXPECT_THAT(ids({.topic = "b"}), ElementsAre(second));
  EXPECT_THAT(ids({.route = "coupon's request"}), ElementsAre(second));
  EXPECT_THAT(ids({.limit = 1}), ElementsAre(first));
}

TEST_F(HeldRows, are_given_back_to_the_relay) {
  const auto row = insert("a", true);
  const auto not_held = insert("a", false);
  EXPECT_EQ(release_held(database.dsn(), {row, not_held}), 1u);
  EXPECT_THAT(ids({}), IsEmpty());
  EXPECT_EQ(database.count("gantry_outbox WHERE NOT held"), 2);
}

TEST_F(HeldRows, alone_can_be_deleted) {
  const auto row = insert("a", true);
  const auto not_held = insert("a", false);
  EXPECT_EQ(delete_held(database.dsn(), {row, not_held}), 1u);
  EXPECT_EQ(database.count("gantry_outbox"), 1);
  EXPECT_EQ(delete_held(database.dsn(), {}), 0u);
}

TEST_F(HeldRows, are_told_from_those_on_their_way) {
  insert("a", true);
  insert("a", false);
  EXPECT_EQ(outbox_backlog(database.dsn()).rows, 1);
  EXPECT_EQ(outbox_backlog(database.dsn()).held, 1);
}

}  // namespace
}  // namespace gantry::outbox
