// What a record for an output looks like on the wire.
#include "plugin/output_record.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gantry::plugin {
namespace {

using Pairs = std::vector<std::pair<std::string, std::optional<std::string>>>;

gantry_str text(std::string_view view) { return {view.data(), view.size()}; }
gantry_bytes bytes(std::string_view view) {
  return {reinterpret_cast<const std::uint8_t*>(view.data()), view.size()};
}
constexpr gantry_bytes kNull{nullptr, 0};

config::Route route_with(std::optional<config::KeyFormat> format,
                         std::map<std::string, std::string> headers = {}) {
  config::Route route;
  config::Output& output = route.outputs["created"];
  output.topic = "trace-topic";
  output.key_format = format;
  output.headers = std::move(headers);
  return route;
}

struct Made {
  std::int32_t code;
  route::OutRecord record;
  Pairs headers() const {
    Pairs pairs;
    for (const auto& header : record.headers) pairs.emplace_back(header.name, header.value);
    return pairs;
  }
};

using Headers = std::vector<gantry_header>;

Made make(const config::Route& route, gantry_bytes key, const Headers& own = {},
          const Headers& trace = {}, std::string_view output = "created") {
  const gantry_record record{
      sizeof(gantry_record), text(output), key, bytes("v"), own.data(), own.size()};
  Made made{};
  made.code = OutputRecords(route).make(record, trace, made.record);
  return made;
}

TEST(OutputRecord, goes_to_the_topic_that_the_route_binds_with_key_and_value_byte_for_byte) {
  const std::string key("k\0\xff", 3);
  for (const auto format :
       {std::optional(config::KeyFormat::bytes), std::optional(config::KeyFormat::text),
        std::optional<config::KeyFormat>()}) {
    const Made made = make(route_with(format), bytes(key));
    EXPECT_EQ(made.code, GANTRY_DONE);
    EXPECT_EQ(made.record.topic, "trace-topic");
    EXPECT_EQ(made.record.partition, -1);
    EXPECT_EQ(made.record.key, key);
    EXPECT_EQ(made.record.value, "v");
    EXPECT_TRUE(made.record.headers.empty());
  }
}

TEST(OutputRecord, of_an_output_that_is_not_bound_is_refused) {
  EXPECT_EQ(make(route_with({}), kNull, {}, {}, "other").code, GANTRY_UNKNOWN_OUTPUT);
  EXPECT_EQ(make(route_with({}), kNull, {}, {}, "").code, GANTRY_UNKNOWN_OUTPUT);
}

TEST(OutputRecord, with_an_int64_key_is_keyed_as_javas_long_serializer_does) {
  const config::Route route = route_with(config::KeyFormat::int64);
  const std::pair<const char*, std::string> keys[] = {
      {"1", {"\0\0\0\0\0\0\0\1", 8}},
      {"-2", {"\xff\xff\xff\xff\xff\xff\xff\xfe", 8}},
      {"9223372036854775807", {"\x7f\xff\xff\xff\xff\xff\xff\xff", 8}},
      {"-9223372036854775808", {"\x80\0\0\0\0\0\0\0", 8}},
      {"72623859790382856", {"\1\2\3\4\5\6\7\x8", 8}}};
  for (const auto& [decimal, wire] : keys) {
    const Made made = make(route, bytes(decimal));
    EXPECT_EQ(made.code, GANTRY_DONE) << decimal;
    EXPECT_EQ(made.record.key, wire) << decimal;
  }
}

TEST(OutputRecord, with_a_key_that_is_no_int64_is_refused) {
  const config::Route route = route_with(config::KeyFormat::int64);
  for (const char* key : {"", "seven", "7 ", " 7", "+7", "7.0", "0x7", "9223372036854775808"})
    EXPECT_EQ(make(route, bytes(key)).code, GANTRY_BAD_KEY) << key;
}

TEST(OutputRecord, without_a_key_has_none_in_any_format) {
  for (const auto format :
       {config::KeyFormat::bytes, config::KeyFormat::text, config::KeyFormat::int64}) {
    const Made made = make(route_with(format), kNull);
    EXPECT_EQ(made.code, GANTRY_DONE);
    EXPECT_EQ(made.record.key, std::nullopt);
  }
}

TEST(OutputRecord, of_null_is_a_tombstone_and_an_empty_one_is_not) {
  for (const bool empty : {false, true}) {
    const gantry_record record{sizeof(gantry_record),     text("created"), bytes("k"),
                               empty ? bytes("") : kNull, nullptr,         0};
    route::OutRecord out;
    EXPECT_EQ(OutputRecords(route_with({})).make(record, {}, out), GANTRY_DONE);
    EXPECT_EQ(out.value, empty ? std::optional<std::string>("") : std::nullopt);
  }
}

TEST(OutputRecord, has_the_constant_headers_of_its_output_and_its_own_in_their_order) {
  const config::Route route = route_with({}, {{"__TypeId__", "OrderCreatedEvent"}, {"a", "b"}});
  const std::string binary("\0\xff", 2);
  const Made made =
      make(route, kNull, {{text("x"), bytes(binary)}, {text("x"), kNull}, {text("w"), bytes("")}});
  EXPECT_EQ(made.headers(), (Pairs{{"__TypeId__", "OrderCreatedEvent"},
                                   {"a", "b"},
                                   {"x", binary},
                                   {"x", std::nullopt},
                                   {"w", ""}}));
}

TEST(OutputRecord, that_sets_a_constant_header_itself_has_its_own_value_alone) {
  const config::Route route = route_with({}, {{"__TypeId__", "OrderCreatedEvent"}, {"a", "b"}});
  EXPECT_EQ(make(route, kNull, {{text("__TypeId__"), bytes("Other")}}).headers(),
            (Pairs{{"a", "b"}, {"__TypeId__", "Other"}}));
}

TEST(OutputRecord, takes_over_the_trace_context_of_its_message_and_nothing_else) {
  const Headers message{{text("spring"), bytes("s")},
                        {text("traceparent"), bytes("00-aa-bb-01")},
                        {text("Traceparent"), bytes("no")},
                        {text("tracestate"), bytes("v=1")}};
  EXPECT_EQ(make(route_with({}), kNull, {{text("x"), bytes("y")}}, message).headers(),
            (Pairs{{"x", "y"}, {"traceparent", "00-aa-bb-01"}, {"tracestate", "v=1"}}));
}

TEST(OutputRecord, that_brings_a_trace_context_keeps_it) {
  const Headers message{{text("traceparent"), bytes("00-aa-bb-01")},
                        {text("tracestate"), bytes("v=1")}};
  EXPECT_EQ(
      make(route_with({}), kNull, {{text("traceparent"), bytes("00-cc-dd-01")}}, message).headers(),
      (Pairs{{"traceparent", "00-cc-dd-01"}}));
}

}  // namespace
}  // namespace gantry::plugin
