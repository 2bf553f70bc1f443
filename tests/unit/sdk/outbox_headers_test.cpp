// The bytes of gantry_outbox.headers: what a handler writes, the relay of any later host reads.
#include <gtest/gtest.h>

#include <gantry/detail/outbox_headers.hpp>

namespace gantry::detail {
namespace {

std::string encoded(const OutboxHeaders& headers) {
  std::string out;
  for (const auto& [name, value] : headers) put_outbox_header(out, name, value);
  return out;
}

TEST(OutboxHeaders, never_change_their_layout) {
  const gantry_header headers[] = {{str("id"), bytes(std::string_view("\x00\xFF", 2))},
                                   {str("none"), {nullptr, 0}}};
  std::string out;
  encode_outbox_headers(out, headers, 2);
  EXPECT_EQ(out, std::string("\0\0\0\x02id\0\0\0\x02\x00\xFF\0\0\0\x04none\xFF\xFF\xFF\xFF", 24));
}

TEST(OutboxHeaders, come_out_as_they_went_in) {
  const OutboxHeaders headers{{"a", "1"},
                              {"a", std::nullopt},
                              {"", ""},
                              {"binary", std::string_view("\0\xFF\n\\", 4)},
                              {"na\xC3\xAFve", "x"}};
  EXPECT_EQ(decode_outbox_headers(encoded(headers)), headers);
}

TEST(OutboxHeaders, of_nothing_are_none) { EXPECT_EQ(decode_outbox_headers(""), OutboxHeaders{}); }

TEST(OutboxHeaders, are_refused_wherever_they_are_cut) {
  const std::string one = encoded({{"name", "value"}});
  for (std::size_t size = 1; size < one.size(); ++size) {
    EXPECT_EQ(decode_outbox_headers(one.substr(0, size)), std::nullopt) << size;
  }
}

TEST(OutboxHeaders, with_a_length_beyond_the_end_are_refused) {
  EXPECT_EQ(decode_outbox_headers(std::string("\xFF\xFF\xFF\xFEx", 5)), std::nullopt);
  EXPECT_EQ(decode_outbox_headers(std::string("\0\0\0\x01x\x7F\xFF\xFF\xFF", 9)), std::nullopt);
}

}  // namespace
}  // namespace gantry::detail
