// Dead letters that no broker takes, on a real PostgreSQL.
#include "outbox/letter_box.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "gantry_outbox_migrations.hpp"
#include "support/postgres.hpp"

namespace gantry::outbox {
namespace {

struct LetterBoxTest : testing::Test {
  test::Database database = test::Postgres::shared().create_database();
  std::atomic<int> woken{0};
  void migrate() { database.execute(migrations::gantry_outbox[0].sql); }
  static std::pair<bool, std::string> stored(LetterBox& box, const std::string& value) {
    std::promise<std::pair<bool, std::string>> told;
    route::OutRecord letter;
    letter.topic = "dlq";
    letter.key = std::string("\0k", 2);
    letter.value = value;
    letter.headers = {{"gantry.reason", "rejected"}, {"null", std::nullopt}};
    box.store("orders", letter, [&](bool done, const std::string& error) {
      told.set_value({done, error});
    });
    return told.get_future().get();
  }
};

TEST_F(LetterBoxTest, writes_the_row_that_the_relay_sends_and_wakes_it) {
  migrate();
  LetterBox box(database.dsn(), [this] { ++woken; });
  EXPECT_TRUE(stored(box, "v").first);
  EXPECT_EQ(woken, 1);
  const auto row = database.execute(
      "SELECT kind, route, topic, encode(key, 'hex'), encode(value, 'escape'), "
      "encode(headers, 'escape') FROM gantry_outbox");
  ASSERT_EQ(row.size(), 1u);
  EXPECT_STREQ(row[0][0].c_str(), "dead-letter");
  EXPECT_STREQ(row[0][1].c_str(), "orders");
  EXPECT_STREQ(row[0][2].c_str(), "dlq");
  EXPECT_STREQ(row[0][3].c_str(), "006b");
  EXPECT_STREQ(row[0][4].c_str(), "v");
  EXPECT_THAT(row[0][5].c_str(), testing::HasSubstr("gantry.reason"));
}

TEST_F(LetterBoxTest, says_that_it_could_not_and_works_when_it_can) {
  LetterBox box(database.dsn(), [this] { ++woken; });
  const auto [done, error] = stored(box, "v");
  EXPECT_FALSE(done);
  EXPECT_THAT(error, testing::HasSubstr("42P01"));
  EXPECT_EQ(woken, 0);
  migrate();
  EXPECT_TRUE(stored(box, "v").first);
}

TEST_F(LetterBoxTest, has_told_about_every_letter_when_it_ends) {
  migrate();
  std::atomic<int> told{0};
  {
    LetterBox box(database.dsn(), [] {});
    for (int i = 0; i < 100; ++i) {
      route::OutRecord letter;
      letter.topic = "dlq";
      box.store("orders", letter, [&](bool, const std::string&) { ++told; });
    }
  }
  EXPECT_EQ(told, 100);
  EXPECT_EQ(database.count("gantry_outbox"), 100);
}

}  // namespace
}  // namespace gantry::outbox
