#include "observe/escape.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gantry::observe {
namespace {

TEST(Escape, leaves_plain_and_korean_text_alone) {
  EXPECT_EQ(json_string("주문 1 saved"), "\"주문 1 saved\"");
}

TEST(Escape, escapes_quotes_and_backslashes) { EXPECT_EQ(json_string("a\"b\\c"), R"("a\"b\\c")"); }

TEST(Escape, escapes_what_would_break_a_line) {
  EXPECT_EQ(json_string("a\nb\rc\td"), R"("a\nb\rc\td")");
  EXPECT_EQ(json_string(std::string("\0\x1b\x7f", 3)), R"("\u0000\u001b\u007f")");
  EXPECT_EQ(json_string("\xC2\x85|\xE2\x80\xA8|\xE2\x80\xA9"), R"("\u0085|\u2028|\u2029")");
}

TEST(Escape, replaces_bytes_that_are_no_utf8) {
  EXPECT_EQ(json_string("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
}

TEST(Escape, replaces_overlong_and_surrogate_sequences_byte_by_byte) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(json_string("\xC0\xAF"), '"' + bad + bad + '"');
  EXPECT_EQ(json_string("\xED\xA0\x80"), '"' + bad + bad + bad + '"');
  EXPECT_EQ(json_string("\xF4\x90\x80\x80"), '"' + bad + bad + bad + bad + '"');
}

TEST(Escape, replaces_a_sequence_that_is_cut_off_once) {
  EXPECT_EQ(json_string("\xE2\x82"), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(json_string("\xF0\x9F\x98x"), "\"\xEF\xBF\xBDx\"");
}

TEST(Escape, keeps_the_highest_code_point) {
  EXPECT_EQ(json_string("\xF4\x8F\xBF\xBF"), "\"\xF4\x8F\xBF\xBF\"");
}

TEST(Escape, keeps_quotes_in_text_that_stands_for_itself) {
  std::string out;
  append_escaped(out, "say \"hi\"\n", false);
  EXPECT_EQ(out, "say \"hi\"\\n");
}

}  // namespace
}  // namespace gantry::observe
