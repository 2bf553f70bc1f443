// Bytes of a record as a person reads them.
#include "dlq/readable.hpp"

#include <gtest/gtest.h>

namespace gantry::dlq {
namespace {

TEST(Key, is_shown_as_text_where_it_is_text) {
  EXPECT_EQ(key_text("order-7"), "order-7");
  EXPECT_EQ(key_text("주문"), "주문");
  EXPECT_EQ(key_text(""), "");
  EXPECT_EQ(key_text(std::nullopt), "-");
}

TEST(Key, of_javas_number_serializers_is_shown_as_the_number) {
  EXPECT_EQ(key_text(std::string("\0\0\0\0\0\0\0\x29", 8)), "41");
  EXPECT_EQ(key_text(std::string("\xff\xff\xff\xff\xff\xff\xff\xff", 8)), "-1");
  EXPECT_EQ(key_text(std::string("\0\0\1\0", 4)), "256");
}

TEST(Key, of_other_bytes_is_shown_in_hexadecimal) {
  EXPECT_EQ(key_text(std::string("\0\xff", 2)), "0x00ff");
  EXPECT_EQ(key_text("a\nb"), "0x610a62");
}

TEST(HeaderValue, of_springs_binary_headers_is_a_number) {
  EXPECT_EQ(header_text({"kafka_dlt-original-partition", std::string("\0\0\0\2", 4)}), "2");
  EXPECT_EQ(header_text({"kafka_dlt-original-offset", std::string("\0\0\0\0\0\0\1\0", 8)}), "256");
}

TEST(HeaderValue, is_one_line) {
  EXPECT_EQ(header_text({"stacktrace", "at A\n\tat B"}), "at A\\n\\tat B");
  EXPECT_EQ(header_text({"null", std::nullopt}), "null");
  EXPECT_EQ(header_text({"raw", std::string("\1\x80", 2)}), "0x0180");
  EXPECT_EQ(header_text({"id", std::string("\0\0\0\2", 4)}), "0x00000002");
}

TEST(HexDump, has_sixteen_bytes_a_line_with_their_place_and_their_characters) {
  EXPECT_EQ(hex_dump(std::string("abcdefghijklmnop\x00\x7f!", 19)),
            "00000000  61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70  abcdefghijklmnop\n"
            "00000010  00 7f 21                                         ..!\n");
  EXPECT_EQ(hex_dump(""), "");
}

}  // namespace
}  // namespace gantry::dlq
