// A crash journal that is damaged, or something else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "unit/route/crash_journals.hpp"

namespace gantry::route {
namespace {

using testing::IsEmpty;
using End = LastRun::End;

TEST_F(CrashJournals, that_are_damaged_or_of_something_else_are_survived) {
  hold(orders, 0, "a", {5, 6, 7});
  crash_in_orders(0);
  std::ostringstream all;
  all << std::ifstream(file).rdbuf();
  const std::string whole = all.str();
  ASSERT_EQ(read_journal(whole).suspects.size(), 3u);
  EXPECT_EQ(read_journal("").end, End::clean);
  EXPECT_EQ(read_journal("something else").end, End::unclean);
  EXPECT_THAT(read_journal(whole.substr(0, whole.size() - 1)).suspects, IsEmpty());

  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random{seed};
  for (int round = 0; round < 20'000; ++round) {
    std::string broken = whole;
    for (std::uint64_t times = 1 + random() % 4; times > 0; --times)
      broken[random() % broken.size()] = static_cast<char>(random());
    if (random() % 4 == 0) broken.resize(random() % broken.size());
    const LastRun last = read_journal(broken);
    EXPECT_LE(last.suspects.size(), 100u);
  }
}

}  // namespace
}  // namespace gantry::route
