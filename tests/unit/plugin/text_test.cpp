#include "plugin/text.hpp"

#include <gtest/gtest.h>

namespace gantry::plugin {
namespace {

const std::string kReplaced = "\xEF\xBF\xBD";

TEST(CleanText, keeps_what_is_valid) {
  EXPECT_EQ(clean_text("plain, 주문 and \xF0\x9F\x8E\x81", 100),
            "plain, 주문 and \xF0\x9F\x8E\x81");
}

TEST(CleanText, replaces_bytes_that_begin_nothing) {
  EXPECT_EQ(clean_text("a\xFF\x80z", 100), "a" + kReplaced + kReplaced + "z");
}

TEST(CleanText, replaces_overlong_forms_surrogates_and_what_is_beyond_unicode) {
  EXPECT_EQ(clean_text("\xC0\xAF", 100), kReplaced + kReplaced);
  EXPECT_EQ(clean_text("\xE0\x80\xAF", 100), kReplaced + kReplaced + kReplaced);
  EXPECT_EQ(clean_text("\xED\xA0\x80", 100), kReplaced + kReplaced + kReplaced);
  EXPECT_EQ(clean_text("\xF4\x90\x80\x80", 100), kReplaced + kReplaced + kReplaced + kReplaced);
}

TEST(CleanText, replaces_a_character_that_the_end_cuts) {
  EXPECT_EQ(clean_text("a\xEC\xA3", 100), "a" + kReplaced + kReplaced);
}

TEST(CleanText, never_splits_a_character_at_the_limit) {
  EXPECT_EQ(clean_text("ab주", 4), "ab");
  EXPECT_EQ(clean_text("ab주", 5), "ab주");
}

}  // namespace
}  // namespace gantry::plugin
