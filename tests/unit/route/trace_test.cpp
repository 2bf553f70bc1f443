// The trace of a message, as log lines name it.
#include "route/message/trace.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gantry::route {
namespace {

constexpr const char* kId = "0af7651916cd43dd8448eb211c80319c";

std::string id_of(const std::string& traceparent, const std::string& name = "traceparent") {
  const std::vector<gantry_header> headers{
      {{"other", 5}, {nullptr, 0}},
      {{name.data(), name.size()},
       {reinterpret_cast<const std::uint8_t*>(traceparent.data()), traceparent.size()}}};
  return std::string(trace_id(headers));
}

TEST(TraceId, is_that_of_traceparent) {
  EXPECT_EQ(id_of("00-" + std::string(kId) + "-b7ad6b7169203331-01"), kId);
  EXPECT_EQ(id_of("01-" + std::string(kId) + "-b7ad6b7169203331-01-more"), kId)
      << "a later version has more";
}

TEST(TraceId, is_empty_where_there_is_none_that_is_valid) {
  EXPECT_EQ(trace_id({}), "");
  EXPECT_EQ(id_of("00-" + std::string(kId) + "-b7ad6b7169203331-01", "tracestate"), "");
  EXPECT_EQ(id_of(""), "");
  EXPECT_EQ(id_of("00-" + std::string(kId)), "");
  EXPECT_EQ(id_of("00-" + std::string(32, '0') + "-b7ad6b7169203331-01"), "");
  EXPECT_EQ(id_of("00-" + std::string(32, 'X') + "-b7ad6b7169203331-01"), "");
  EXPECT_EQ(id_of("00 " + std::string(kId) + " b7ad6b7169203331 01"), "");
}

TEST(TraceId, is_empty_where_the_header_has_no_value) {
  const gantry_header header{{"traceparent", 11}, {nullptr, 0}};
  EXPECT_EQ(trace_id({&header, 1}), "");
}

}  // namespace
}  // namespace gantry::route
