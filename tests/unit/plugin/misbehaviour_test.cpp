#include "plugin/misbehaviour.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace gantry::plugin {
namespace {

TEST(Misbehaviour, is_counted_by_kind) {
  Misbehaviour misbehaviour("route", "handler");
  misbehaviour.count("one", "first");
  misbehaviour.count("one", "second");
  misbehaviour.count("other", "first");
  EXPECT_EQ(misbehaviour.counts(),
            (std::map<std::string, std::uint64_t>{{"one", 2}, {"other", 1}}));
}

TEST(Misbehaviour, loses_no_count_of_several_threads) {
  Misbehaviour misbehaviour("route", "handler");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) misbehaviour.count("kind", "detail");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(misbehaviour.count_of("kind"), 4000u);
}

TEST(Misbehaviour, logs_a_kind_that_repeats_itself_once) {
  Misbehaviour misbehaviour("route", "handler");
  testing::internal::CaptureStderr();
  for (int i = 0; i < 50; ++i) misbehaviour.count("settle_refused", "slot 1");
  misbehaviour.count("handle_threw", "no");
  const std::string lines = testing::internal::GetCapturedStderr();
  const auto first = lines.find("settle_refused");
  EXPECT_NE(first, std::string::npos) << lines;
  EXPECT_EQ(lines.find("settle_refused", first + 1), std::string::npos) << lines;
  EXPECT_NE(lines.find("handle_threw"), std::string::npos) << lines;
}

}  // namespace
}  // namespace gantry::plugin
