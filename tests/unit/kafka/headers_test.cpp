#include "kafka/headers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace gantry::kafka {
namespace {

TEST(Headers, of_a_record_without_any_are_none) { EXPECT_EQ(write_headers({}), nullptr); }

TEST(Headers, are_written_in_order_with_repeats_null_and_empty_values) {
  const Headers headers = write_headers(
      {{"a", "1"}, {"a", "2"}, {"null", std::nullopt}, {"empty", ""}, {"", "no name"}});
  ASSERT_EQ(rd_kafka_header_cnt(headers.get()), 5u);
  const auto at = [&](std::size_t i) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    rd_kafka_header_get_all(headers.get(), i, &name, &value, &size);
    return std::string(name) + '=' +
           (value == nullptr ? "(null)" : std::string(static_cast<const char*>(value), size));
  };
  EXPECT_EQ(at(0), "a=1");
  EXPECT_EQ(at(1), "a=2");
  EXPECT_EQ(at(2), "null=(null)");
  EXPECT_EQ(at(3), "empty=");
  EXPECT_EQ(at(4), "=no name");
}

}  // namespace
}  // namespace gantry::kafka
