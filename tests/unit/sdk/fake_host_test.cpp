// The fake host keeps handlers to the contract, as the host does.
#include <gtest/gtest.h>

#include <gantry/testing.hpp>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using gantry::testing::FakeHost;
using gantry::testing::message;

namespace {

// Publishes, enqueues or replies, as its message says.
struct Busy {
  static constexpr auto source = gantry::Source::topic | gantry::Source::http;
  static constexpr auto outputs =
      gantry::outputs(gantry::output("created", "-").key_format("int64"));
  explicit Busy(const gantry::Context& context)
      : publisher_(context.extension<gantry::Publisher>()),
        outbox_(context.extension<gantry::OutboxResolver>()),
        http_(context.find<gantry::Http>()),
        done_(context.extension<gantry::Metrics>().counter("done", "-")) {}

  gantry::Verdict handle(const gantry::Message& m) {
    const gantry::Record record{"created", m.key(), m.value(), {{"h", "1"}}};
    done_.add();
    if (http_) (void)http_->respond(m.slot(), 201, "made");
    if (m.header("outbox")) {
      gantry::OutboxResolver::Row row;
      if (const auto outcome = outbox_.resolve(m.slot(), record, row); !outcome)
        return outcome.verdict();
      outbox_.wake();
      return gantry::reject(row.topic + "/" + std::to_string(row.key->size()) + "/" +
                            row.headers[0].first);
    }
    if (const auto outcome = publisher_.publish(m.slot(), record); !outcome)
      return outcome.verdict();
    return m.header("fail") ? gantry::retry("after publishing") : gantry::ok();
  }
  gantry::Publisher publisher_;
  gantry::OutboxResolver outbox_;
  std::optional<gantry::Http> http_;
  gantry::Metrics::Counter done_;
};

TEST(FakeHost, publishes_the_records_of_a_slot_that_ends_ok) {
  FakeHost host(gantry::handler<Busy>("busy"));
  EXPECT_TRUE(host.deliver(message("v").key("7")).is_ok());
  ASSERT_EQ(host.published().size(), 1u);
  EXPECT_EQ(host.published()[0].output, "created");
  EXPECT_EQ(host.published()[0].key, "7");
  EXPECT_EQ(host.published()[0].value, "v");
  EXPECT_EQ(host.metric("done"), 1);
}

TEST(FakeHost, drops_the_records_of_a_slot_that_does_not_end_ok) {
  FakeHost host(gantry::handler<Busy>("busy"));
  EXPECT_TRUE(host.deliver(message("v").key("7").header("fail", "")).is_retry());
  EXPECT_TRUE(host.published().empty());
}

TEST(FakeHost, refuses_a_key_that_does_not_fit_the_key_format) {
  FakeHost host(gantry::handler<Busy>("busy"));
  EXPECT_EQ(host.deliver(message("v").key("seven")).error_class, "bad_key");
}

TEST(FakeHost, refuses_an_output_that_is_not_bound) {
  FakeHost host(gantry::handler<Busy>("busy"));
  host.unbind("created");
  EXPECT_EQ(host.deliver(message("v").key("7")).error_class, "unknown_output");
}

TEST(FakeHost, resolves_a_row_for_the_outbox) {
  FakeHost host(gantry::handler<Busy>("busy"));
  host.bind("created", "trace-topic");
  EXPECT_EQ(host.deliver(message("v").key("7").header("outbox", "")).reason, "trace-topic/8/h");
  EXPECT_EQ(host.wakes(), 1u);
  EXPECT_EQ(host.resolved().size(), 1u);
}

TEST(FakeHost, keeps_the_reply_of_an_http_route) {
  FakeHost host(gantry::handler<Busy>("busy"));
  host.as_http_route();
  const auto result = host.deliver(message("v").key("7").http("POST", "/x"));
  ASSERT_TRUE(host.reply(result.slot));
  EXPECT_EQ(host.reply(result.slot)->status, 201);
  EXPECT_EQ(host.reply(result.slot)->body, "made");
}

TEST(FakeHost, can_be_a_host_without_an_extension) {
  FakeHost host(gantry::handler<Busy>("busy"));
  EXPECT_THROW(host.without(GANTRY_PUBLISH_V1).start(), std::runtime_error);
}

struct Later {
  static constexpr bool may_pend = true;
  gantry::Verdict handle(const gantry::Message& m) {
    slots_.push_back(m.slot());
    return gantry::pending();
  }
  void cancel(gantry::Slot slot) { (void)slot.settle(gantry::retry("cancelled")); }
  void drain(std::chrono::milliseconds) {
    for (const gantry::Slot slot : slots_) (void)slot.settle(gantry::ok());
  }
  std::vector<gantry::Slot> slots_;
};

TEST(FakeHost, waits_for_a_settle_of_another_thread) {
  FakeHost host(gantry::handler<Later>("later"));
  const auto result = host.deliver(message());
  EXPECT_TRUE(result.is_pending());
  std::thread settler([&] { (void)host.slot(result.slot).settle(gantry::reject("at last")); });
  EXPECT_EQ(host.wait(result.slot).reason, "at last");
  settler.join();
}

TEST(FakeHost, cancels_a_pending_message) {
  FakeHost host(gantry::handler<Later>("later"));
  const auto result = host.deliver(message());
  host.cancel(result.slot);
  EXPECT_EQ(host.wait(result.slot).reason, "cancelled");
}

TEST(FakeHost, drains_what_is_pending_when_it_stops) {
  FakeHost host(gantry::handler<Later>("later"));
  const auto result = host.deliver(message());
  host.stop();
  EXPECT_TRUE(host.wait(result.slot).is_ok());
  EXPECT_EQ(host.misbehaviour(), 0u);
}

TEST(FakeHost, refuses_a_second_settle_and_counts_it) {
  FakeHost host(gantry::handler<Later>("later"));
  const auto slot = host.slot(host.deliver(message()).slot);
  EXPECT_TRUE(slot.settle(gantry::ok()));
  EXPECT_FALSE(slot.settle(gantry::reject("again")));
  EXPECT_EQ(host.refused_settles(), 1u);
  EXPECT_TRUE(host.wait(slot.id()).is_ok());
}

struct NeverSettles {
  static constexpr bool may_pend = true;
  gantry::Verdict handle(const gantry::Message&) { return gantry::pending(); }
};

TEST(FakeHost, counts_what_is_still_pending_at_the_end) {
  FakeHost host(gantry::handler<NeverSettles>("never"));
  (void)host.deliver(message());
  host.stop();
  EXPECT_EQ(host.misbehaviour(), 1u);
}

struct PendsUndeclared {
  gantry::Verdict handle(const gantry::Message&) { return gantry::pending(); }
};

TEST(FakeHost, retries_what_is_left_pending_without_having_been_declared) {
  FakeHost host(gantry::handler<PendsUndeclared>("pends"));
  EXPECT_TRUE(host.deliver(message()).is_retry());
  EXPECT_EQ(host.misbehaviour(), 1u);
}

struct Strict {
  static constexpr auto options =
      gantry::options(gantry::integer("count", "-").between(1, 3),
                      gantry::text("word", "-").one_of("a|b").fallback("b"));
  gantry::Verdict handle(const gantry::Message&) { return gantry::ok(); }
};

std::string refusal(void (*use)(FakeHost&)) {
  FakeHost host(gantry::handler<Strict>("strict"));
  try {
    use(host);
    return "";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(FakeHost, names_a_required_option_that_is_missing) {
  EXPECT_EQ(refusal([](FakeHost& host) { host.start(); }), "option 'count' is required: set() it");
}

TEST(FakeHost, names_an_option_that_there_is_not) {
  EXPECT_EQ(refusal([](FakeHost& host) { host.set("size", 1); }),
            "option 'size' is not among the options of handler 'strict'");
}

TEST(FakeHost, refuses_values_of_another_type_or_out_of_range) {
  EXPECT_EQ(refusal([](FakeHost& host) { host.set("count", "1"); }),
            "option 'count' is set to a value of another type");
  EXPECT_EQ(refusal([](FakeHost& host) { host.set("count", 4); }),
            "option 'count' is not among the allowed 1..3");
  EXPECT_EQ(refusal([](FakeHost& host) { host.set("word", "c"); }),
            "option 'word' is not among the allowed a|b");
}

struct Talks {
  explicit Talks(const gantry::Context& context) : host_(context.host()) {}
  gantry::Verdict handle(const gantry::Message& m) {
    host_.log(gantry::LogLevel::warning, "seen", m.slot());
    return gantry::ok();
  }
  gantry::Host host_;
};

TEST(FakeHost, keeps_what_is_logged) {
  FakeHost host(gantry::handler<Talks>("talks"));
  const auto result = host.deliver(message());
  ASSERT_EQ(host.logs().size(), 1u);
  EXPECT_EQ(host.logs()[0].text, "seen");
  EXPECT_EQ(host.logs()[0].level, gantry::LogLevel::warning);
  EXPECT_EQ(host.logs()[0].about, result.slot);
}

struct Headless {
  static constexpr bool reads_headers = false;
  gantry::Verdict handle(const gantry::Message& m) {
    return m.headers().empty() ? gantry::ok() : gantry::reject("there are headers");
  }
};

TEST(FakeHost, shows_no_headers_of_records_to_a_handler_that_says_that_it_reads_none) {
  FakeHost host(gantry::handler<Headless>("headless"));
  EXPECT_TRUE(host.deliver(message("v").header("name", "value")).is_ok());
}

}  // namespace
