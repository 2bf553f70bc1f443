// What gantry::handler makes of a class: its constant data, and its functions under the fake host.
#include <gtest/gtest.h>

#include <array>
#include <gantry/testing.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using gantry::testing::FakeHost;
using gantry::testing::message;

namespace {

struct AllOptions {
  static constexpr auto options = gantry::options(
      gantry::boolean("flag", "-").fallback(true),
      gantry::integer("whole", "-").between(-5, INT64_MAX).fallback(INT64_MIN + INT64_MAX),
      gantry::number("real", "-").between(0, 0.125).fallback(0.1),
      gantry::number("large", "-").fallback(-1234567.25),
      gantry::text("word", "-").one_of("GET|POST").fallback("POST"),
      gantry::text("quoted", "-").fallback("say \"no\"\\\n\x01"),
      gantry::text_list("words", "-").fallback("a", "b"), gantry::text_list("none", "-").fallback(),
      gantry::duration("pause", "-").between(0ms, 1h).fallback(5s),
      gantry::url("url", "-").fallback("http://localhost:1/x"),
      gantry::database("database", "-").fallback("main"), gantry::text("must", "-").secret());
  gantry::Verdict handle(const gantry::Message&) { return gantry::ok(); }
};

const gantry_option& option(const char* name) {
  static constexpr auto type = gantry::detail::type_of(gantry::handler<AllOptions>("all"));
  for (std::size_t i = 0; i < type.option_count; ++i) {
    if (std::string(type.options[i]->name) == name) return *type.options[i];
  }
  throw std::invalid_argument(name);
}

TEST(Options, have_their_fallback_as_a_toml_value) {
  EXPECT_STREQ(option("flag").fallback, "true");
  EXPECT_STREQ(option("whole").fallback, "-1");
  EXPECT_STREQ(option("real").fallback, "0.1");
  EXPECT_STREQ(option("large").fallback, "-1234567.25");
  EXPECT_STREQ(option("word").fallback, "\"POST\"");
  EXPECT_STREQ(option("quoted").fallback, R"("say \"no\"\\\u000A\u0001")");
  EXPECT_STREQ(option("words").fallback, R"(["a", "b"])");
  EXPECT_STREQ(option("none").fallback, "[]");
  EXPECT_STREQ(option("pause").fallback, "5000");
  EXPECT_STREQ(option("url").fallback, "\"http://localhost:1/x\"");
  EXPECT_STREQ(option("database").fallback, "\"main\"");
  EXPECT_EQ(option("must").fallback, nullptr);
}

TEST(Options, have_their_limits_as_text) {
  EXPECT_STREQ(option("whole").allowed, "-5..9223372036854775807");
  EXPECT_STREQ(option("real").allowed, "0.0..0.125");
  EXPECT_STREQ(option("word").allowed, "GET|POST");
  EXPECT_STREQ(option("pause").allowed, "0..3600000");
  EXPECT_EQ(option("flag").allowed, nullptr);
}

TEST(Options, keep_a_secret) {
  EXPECT_EQ(option("must").flags, std::uint32_t{GANTRY_SECRET});
  EXPECT_EQ(option("word").flags, 0u);
}

struct Everything {
  static constexpr auto source = gantry::Source::topic | gantry::Source::http;
  static constexpr bool may_pend = true, orders_within_batch = true, uses_outbox = true;
  static constexpr bool reads_headers = false;
  static constexpr int max_batch = 7;
  static constexpr auto options = gantry::options(gantry::database("database", "-"));
  static constexpr auto outputs = gantry::outputs(
      gantry::output("created", "-").key_format("int64"), gantry::output("maybe", "-").optional());
  static constexpr gantry::Migration migrations[] = {{1, "first", "SELECT 1"},
                                                     {3, "third", "SELECT 3"}};
  static constexpr const char* required_extensions[] = {GANTRY_PUBLISH_V1};
  gantry::Verdict handle_batch(gantry::Batch&) { return gantry::ok(); }
  void cancel(gantry::Slot) {}
  void drain(std::chrono::milliseconds) {}
};

TEST(HandlerType, says_what_the_class_says) {
  constexpr auto type =
      gantry::detail::type_of(gantry::handler<Everything>("every", "does it all"));
  EXPECT_STREQ(type.summary, "does it all");
  EXPECT_EQ(type.flags,
            std::uint32_t{GANTRY_SOURCE_TOPIC | GANTRY_SOURCE_HTTP | GANTRY_USES_OUTBOX |
                          GANTRY_MAY_PEND | GANTRY_ORDERS_WITHIN_BATCH | GANTRY_READS_NO_HEADERS});
  EXPECT_EQ(type.max_batch, 7u);
  ASSERT_EQ(type.output_count, 2u);
  EXPECT_STREQ(type.outputs[0]->key_format, "int64");
  EXPECT_EQ(type.outputs[0]->required, 1u);
  EXPECT_EQ(type.outputs[1]->required, 0u);
  ASSERT_EQ(type.migration_count, 2u);
  EXPECT_EQ(type.migrations[1]->number, 3u);
  ASSERT_EQ(type.required_extension_count, 1u);
  EXPECT_STREQ(type.required_extensions[0], "gantry.publish/1");
  EXPECT_NE(type.cancel, nullptr);
  EXPECT_NE(type.drain, nullptr);
  EXPECT_EQ(type.open, nullptr);
}

struct Throws {
  gantry::Verdict handle(const gantry::Message& m) {
    if (m.value() == "failure")
      throw gantry::Failure(gantry::unavailable("no database", 250ms, "08006"));
    if (m.value() == "int") throw 7;
    throw std::runtime_error("lost the thread");
  }
};

TEST(Handle, that_throws_is_retried_with_the_text) {
  FakeHost host(gantry::handler<Throws>("throws"));
  const auto result = host.deliver(message());
  EXPECT_TRUE(result.is_retry());
  EXPECT_EQ(result.reason, "lost the thread");
  EXPECT_EQ(result.error_class, "exception");
}

TEST(Handle, that_throws_what_is_no_exception_is_retried) {
  FakeHost host(gantry::handler<Throws>("throws"));
  EXPECT_TRUE(host.deliver(message("int")).is_retry());
}

TEST(Handle, that_throws_a_failure_gives_its_verdict) {
  FakeHost host(gantry::handler<Throws>("throws"));
  const auto result = host.deliver(message("failure"));
  EXPECT_TRUE(result.is_unavailable());
  EXPECT_EQ(result.reason, "no database");
  EXPECT_EQ(result.error_class, "08006");
  EXPECT_EQ(result.retry_after, 250ms);
}

struct Sees {
  gantry::Verdict handle(const gantry::Message& m) {
    const bool as_sent = m.topic() == "orders" && m.partition() == 2 && m.offset() == 41 &&
                         m.attempt() == 3 && m.key() == "7" && m.has_key() && !m.has_value() &&
                         m.timestamp() && m.deadline() == 9s && m.headers().size() == 3 &&
                         m.header("a") == "2" && !m.header("c") && m.header("b")->data() == nullptr;
    std::string names;
    for (const gantry::Header header : m.headers()) names += header.name();
    return as_sent && names == "aba" ? gantry::ok() : gantry::reject(names);
  }
};

TEST(Message, shows_all_of_the_record) {
  FakeHost host(gantry::handler<Sees>("sees"));
  const auto result = host.deliver(message()
                                       .tombstone()
                                       .key("7")
                                       .topic("orders")
                                       .partition(2)
                                       .offset(41)
                                       .attempt(3)
                                       .deadline(9s)
                                       .header("a", "1")
                                       .header("b", std::nullopt)
                                       .header("a", "2"));
  EXPECT_TRUE(result.is_ok()) << result.reason;
}

struct RejectsOdd {
  static constexpr int max_batch = 10;
  gantry::Verdict handle_batch(gantry::Batch& batch) {
    std::size_t i = 0;
    for (const gantry::Message m : batch) {
      const bool odd = (m.value().back() - '0') % 2 != 0;
      if (odd) (void)batch.settle(i, gantry::reject("odd"));
      ++i;
    }
    return gantry::ok();
  }
};

TEST(Batch, settles_one_message_beside_the_rest) {
  FakeHost host(gantry::handler<RejectsOdd>("odd"));
  const auto results = host.deliver({message("1"), message("2"), message("3")});
  EXPECT_TRUE(results[0].is_reject());
  EXPECT_TRUE(results[1].is_ok());
  EXPECT_TRUE(results[2].is_reject());
}

struct Shares {
  struct Shared {
    explicit Shared(const gantry::Context& context) : start(context.integer("start")) {}
    std::int64_t start;
  };
  static constexpr auto options = gantry::options(gantry::integer("start", "-"));
  Shares(const gantry::Context&, Shared& shared) : shared_(shared) {}
  gantry::Verdict handle(const gantry::Message&) {
    return gantry::reject(std::to_string(shared_.start++));
  }
  Shared& shared_;
};

TEST(Shared, is_one_for_all_lanes) {
  FakeHost host(gantry::handler<Shares>("shares"));
  host.set("start", 5).start(2);
  EXPECT_EQ(host.deliver(message(), 0).reason, "5");
  EXPECT_EQ(host.deliver(message(), 1).reason, "6");
}

struct RefusesSettings {
  explicit RefusesSettings(const gantry::Context&) {
    throw std::invalid_argument("no such template");
  }
  gantry::Verdict handle(const gantry::Message&) { return gantry::ok(); }
};

TEST(Constructor, that_throws_refuses_the_route_with_its_text) {
  FakeHost host(gantry::handler<RefusesSettings>("refuses"));
  try {
    host.start();
    FAIL() << "was started";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "no such template");
  }
}

}  // namespace
