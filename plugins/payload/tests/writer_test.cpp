#include <gtest/gtest.h>

#include <limits>
#include <payload/writer.hpp>

namespace payload {
namespace {

TEST(Writer, escapes_what_json_needs_escaped_and_nothing_else) {
  std::string out;
  append_text(out, std::string("a\"b\\c\n\x01\0/\xC3\xA9", 11));
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\u000a\\u0001\\u0000/\xC3\xA9\"");
}

TEST(Writer, writes_the_largest_and_the_smallest_number) {
  std::string out;
  append_number(out, std::numeric_limits<std::int64_t>::min());
  out += ' ';
  append_number(out, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(out, "-9223372036854775808 9223372036854775807");
}

TEST(Writer, writes_instants_as_rfc_3339) {
  std::string out;
  append_instant(out, std::chrono::sys_days{std::chrono::year{2026} / 11 / 23});
  append_instant(out, std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} +
                          std::chrono::microseconds{250});
  EXPECT_EQ(out, "\"2026-11-23T00:00:00Z\"\"2026-11-23T00:00:00.000250Z\"");
}

TEST(Writer, writes_a_problem_with_and_without_a_field) {
  EXPECT_EQ(problem(409, "sold-out", "Conflict", "none is \"left\""),
            R"({"type":"urn:gantry:problem:sold-out","title":"Conflict","status":409,)"
            R"("detail":"none is \"left\""})");
  EXPECT_EQ(problem(422, "x", "Unprocessable Content", "amount: is missing", "amount"),
            R"({"type":"urn:gantry:problem:x","title":"Unprocessable Content","status":422,)"
            R"("detail":"amount: is missing","field":"amount"})");
}

}  // namespace
}  // namespace payload
