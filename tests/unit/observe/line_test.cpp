#include "observe/line.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace gantry::observe {
namespace {

const std::chrono::system_clock::time_point noon{std::chrono::milliseconds{1795435200123}};

std::string text(const std::vector<log::Field>& fields, std::string_view message = "done") {
  return text_line({noon, log::Level::info, "route", message, fields});
}
std::string json(const std::vector<log::Field>& fields, std::string_view message = "done") {
  return json_line({noon, log::Level::info, "route", message, fields});
}

TEST(Line, text_has_time_level_component_message_and_fields) {
  EXPECT_EQ(
      text({{"route", "alert"}, {"topic", "trace-topic"}, {"partition", 3}}, "partition assigned"),
      "2026-11-23T12:00:00.123Z INFO  route  partition assigned  "
      "route=alert topic=trace-topic partition=3");
}

TEST(Line, text_without_fields_ends_after_the_message) {
  EXPECT_EQ(text({}), "2026-11-23T12:00:00.123Z INFO  route  done");
}

TEST(Line, text_pads_the_levels_to_one_width) {
  EXPECT_EQ(text_line({noon, log::Level::warning, "c", "m", {}}),
            "2026-11-23T12:00:00.123Z WARN  c  m");
  EXPECT_EQ(text_line({noon, log::Level::error, "c", "m", {}}),
            "2026-11-23T12:00:00.123Z ERROR c  m");
  EXPECT_EQ(text_line({noon, log::Level::debug, "c", "m", {}}),
            "2026-11-23T12:00:00.123Z DEBUG c  m");
}

TEST(Line, text_quotes_values_with_spaces_quotes_or_an_equals_sign) {
  EXPECT_EQ(
      text({{"a", "x y"}, {"b", "x\"y"}, {"c", "x=y"}, {"d", ""}, {"e", "x\\y"}}),
      R"(2026-11-23T12:00:00.123Z INFO  route  done  a="x y" b="x\"y" c="x=y" d="" e="x\\y")");
}

TEST(Line, text_quotes_values_with_escapes_in_them) {
  EXPECT_EQ(text({{"a", "x\ny"}, {"b", "x\xC2\x85y"}}),
            R"(2026-11-23T12:00:00.123Z INFO  route  done  a="x\ny" b="x\u0085y")");
}

TEST(Line, text_writes_numbers_and_booleans_bare) {
  EXPECT_EQ(text({{"i", -7}, {"d", 0.25}, {"t", true}, {"f", false}}),
            "2026-11-23T12:00:00.123Z INFO  route  done  i=-7 d=0.25 t=true f=false");
}

TEST(Line, a_newline_in_a_message_does_not_break_the_line) {
  EXPECT_EQ(text({}, "one\ntwo").find('\n'), std::string::npos);
  EXPECT_EQ(json({}, "one\ntwo").find('\n'), std::string::npos);
}

TEST(Line, json_has_the_same_as_an_object) {
  EXPECT_EQ(json({{"route", "alert"}, {"partition", 3}, {"late", true}, {"ratio", 0.5}}),
            R"({"time":"2026-11-23T12:00:00.123Z","level":"info","component":"route",)"
            R"("message":"done","route":"alert","partition":3,"late":true,"ratio":0.5})");
}

TEST(Line, json_never_names_a_member_twice) {
  EXPECT_EQ(json({{"time", "x"}, {"a", 1}, {"a", 2}}),
            R"({"time":"2026-11-23T12:00:00.123Z","level":"info","component":"route",)"
            R"("message":"done","field.time":"x","a":1,"field.a":2})");
}

TEST(Line, json_writes_numbers_it_does_not_know_as_text) {
  EXPECT_NE(json({{"ratio", std::nan("")}}).find(R"("ratio":"nan")"), std::string::npos);
  EXPECT_NE(json({{"ratio", std::numeric_limits<double>::infinity()}}).find(R"("ratio":"inf")"),
            std::string::npos);
}

TEST(Line, a_time_before_1970_keeps_its_milliseconds) {
  EXPECT_EQ(rfc3339(std::chrono::system_clock::time_point{std::chrono::milliseconds{-1}}),
            "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace gantry::observe
