// gantry/outbox.hpp on a real PostgreSQL: what a handler inserts is what the relay will read.
#include <gtest/gtest.h>

#include <gantry/outbox.hpp>
#include <gantry/testing.hpp>

#include "gantry_outbox_migrations.hpp"
#include "support/postgres.hpp"

namespace gantry {
namespace {

using testing::FakeHost;
using testing::message;

// Publishes what the message says, one record or as many as the header `times` asks for.
struct Teller {
  static constexpr auto options = gantry::options(gantry::database("database", "-"));
  static constexpr auto outputs =
      gantry::outputs(gantry::output("told", "-").key_format("int64"), gantry::output("raw", "-"));
  static constexpr bool uses_outbox = true;
  static constexpr const char* required_extensions[] = {GANTRY_OUTBOX_V1};
  explicit Teller(const Context& context)
      : outbox_(context), connection_(context.database("database")) {}

  Verdict handle(const Message& m) {
    pqxx::work work(connection_);
    Record record{m.header("output").value_or("told"), {}, {}, {}};
    if (m.has_key()) record.key = m.key();
    if (m.has_value()) record.value = m.value();
    for (const Header header : m.headers()) {
      if (!header.name().starts_with("x-")) continue;
      record.headers.push_back(
          {header.name(), header.has_value() ? std::optional(header.value()) : std::nullopt});
    }
    if (const auto times = m.header("times")) {
      OutboxRows rows = outbox_.rows();
      for (int i = 0; i < std::stoi(std::string(*times)); ++i) {
        const std::string key = std::to_string(i);
        record.key = key;
        if (const auto outcome = rows.add(m.slot(), record); !outcome) return outcome.verdict();
      }
      if (m.header("along")) {
        const auto statement = rows.statement(work);
        if (!statement) return reject("too many for a statement");
        work.exec("CREATE TABLE before (); " + *statement + "; CREATE TABLE behind ()");
      } else {
        rows.insert(work);
      }
    } else if (const auto outcome = outbox_.insert(work, m.slot(), record); !outcome) {
      return outcome.verdict();
    }
    if (m.header("fail")) return retry("after inserting");
    work.commit();
    outbox_.wake();
    return ok();
  }

  Outbox outbox_;
  pqxx::connection connection_;
};

class OutboxInsertTest : public ::testing::Test {
 protected:
  OutboxInsertTest() {
    database_.execute(migrations::gantry_outbox[0].sql);
    host_.set("database", database_.dsn()).bind("told", "some-topic");
  }
  std::string field(const std::string& expression) {
    return database_.value<std::string>("SELECT coalesce(" + expression +
                                        ", 'NULL') FROM gantry_outbox");
  }
  std::string bytes(const std::string& column) {
    const std::string hex = field("encode(" + column + ", 'hex')");
    std::string all;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
      all += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    return all;
  }
  test::Database database_ = test::Postgres::shared().create_database();
  FakeHost host_{handler<Teller>("teller")};
};

std::string every_byte() {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  return all;
}

TEST_F(OutboxInsertTest, stores_route_topic_and_the_key_in_the_outputs_format) {
  ASSERT_TRUE(host_.deliver(message("{}").key("258")).is_ok());
  EXPECT_EQ(field("concat_ws(' ', kind, route, topic, encode(key, 'hex'), encode(value, 'escape'), "
                  "attempts, held, created_at IS NOT NULL)"),
            "record test-route some-topic 0000000000000102 {} 0 f t");
  EXPECT_EQ(field("concat(partition, last_error)"), "");
  EXPECT_EQ(host_.wakes(), 1u);
}

TEST_F(OutboxInsertTest, keeps_every_byte_of_key_value_and_headers) {
  ASSERT_TRUE(host_
                  .deliver(message(every_byte())
                               .key(every_byte())
                               .header("output", "raw")
                               .header("x-binary", every_byte())
                               .header("x-null", std::nullopt)
                               .header("x-empty", "")
                               .header("x-binary", "again"))
                  .is_ok());
  EXPECT_EQ(bytes("key"), every_byte());
  EXPECT_EQ(bytes("value"), every_byte());
  const std::string headers = bytes("headers");
  EXPECT_EQ(detail::decode_outbox_headers(headers),
            (detail::OutboxHeaders{{"x-binary", every_byte()},
                                   {"x-null", std::nullopt},
                                   {"x-empty", ""},
                                   {"x-binary", "again"}}));
}

TEST_F(OutboxInsertTest, tells_null_from_empty) {
  ASSERT_TRUE(host_.deliver(message().tombstone().key(std::nullopt)).is_ok());
  EXPECT_EQ(field("encode(key, 'hex')"), "NULL");
  EXPECT_EQ(field("encode(value, 'hex')"), "NULL");
  EXPECT_EQ(field("encode(headers, 'hex')"), "NULL");
  database_.execute("TRUNCATE gantry_outbox");
  ASSERT_TRUE(host_.deliver(message("").key("").header("output", "raw")).is_ok());
  EXPECT_EQ(field("encode(key, 'hex')"), "");
  EXPECT_EQ(field("encode(value, 'hex')"), "");
}

// Few go as a statement, many by COPY.
class ManyRows : public OutboxInsertTest, public ::testing::WithParamInterface<int> {};

TEST_P(ManyRows, keep_their_order) {
  ASSERT_TRUE(host_.deliver(message("{}").header("times", std::to_string(GetParam()))).is_ok());
  EXPECT_EQ(database_.count("gantry_outbox"), GetParam());
  EXPECT_EQ(database_.value<int>(
                "SELECT count(*) FROM (SELECT key, lag(key) OVER (ORDER BY id) AS before "
                "FROM gantry_outbox) AS o WHERE before >= key"),
            0);
}
INSTANTIATE_TEST_SUITE_P(OutboxInsertTest, ManyRows, ::testing::Values(2, 48, 49, 2500),
                         ::testing::PrintToStringParamName());

TEST_F(OutboxInsertTest, goes_along_with_other_statements_on_one_trip) {
  ASSERT_TRUE(host_.deliver(message("{}").header("times", "20").header("along", "")).is_ok());
  EXPECT_EQ(database_.count("gantry_outbox"), 20);
  EXPECT_EQ(database_.count("before") + database_.count("behind"), 0);  // they are there
}

TEST_F(OutboxInsertTest, leaves_what_is_too_much_for_a_statement_to_copy) {
  EXPECT_TRUE(host_.deliver(message("{}").header("times", "49").header("along", "")).is_reject());
  const std::string large(32 * 1024, 'x');  // twice as much in hex
  EXPECT_TRUE(host_.deliver(message(large).header("times", "2").header("along", "")).is_reject());
  ASSERT_TRUE(host_.deliver(message(large).header("times", "2")).is_ok());
  EXPECT_EQ(database_.value<int>("SELECT sum(octet_length(value)) FROM gantry_outbox"),
            2 * 32 * 1024);
}

TEST_F(OutboxInsertTest, keeps_every_byte_also_where_backslashes_escape) {
  host_.set("database", database_.dsn() + " options='-c standard_conforming_strings=off'");
  ASSERT_TRUE(host_.deliver(message(every_byte()).key("1")).is_ok());
  EXPECT_EQ(bytes("value"), every_byte());
}

TEST_F(OutboxInsertTest, leaves_nothing_of_a_transaction_that_was_dropped) {
  EXPECT_TRUE(host_.deliver(message("{}").key("1").header("fail", "")).is_retry());
  EXPECT_EQ(database_.count("gantry_outbox"), 0);
  EXPECT_EQ(host_.wakes(), 0u);
}

TEST_F(OutboxInsertTest, says_how_to_settle_what_the_host_does_not_take) {
  EXPECT_TRUE(host_.deliver(message("{}").key("not a number")).is_reject());
  EXPECT_TRUE(host_.deliver(message("{}").key("1").header("output", "undeclared")).is_reject());
  EXPECT_EQ(database_.count("gantry_outbox"), 0);
}

TEST_F(OutboxInsertTest, refuses_a_route_whose_host_has_no_outbox) {
  host_.without(GANTRY_OUTBOX_V1);
  try {
    host_.start();
    FAIL() << "was accepted";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("gantry.outbox/1"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace gantry
