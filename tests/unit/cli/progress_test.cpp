// How far a command is, on a terminal and elsewhere.
#include "cli/progress.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace gantry::cli {
namespace {

TEST(Progress, on_a_terminal_is_one_line_that_is_written_over) {
  std::ostringstream out;
  {
    Progress progress(out, true, "replayed", 200);
    for (const std::size_t done : {0, 1, 2, 3, 200}) progress.at(done);
  }
  EXPECT_EQ(out.str(), "\r\x1b[Kreplayed 2 of 200 (1 %)\r\x1b[Kreplayed 200 of 200 (100 %)\n");
}

TEST(Progress, elsewhere_is_a_line_at_each_tenth) {
  std::ostringstream out;
  {
    Progress progress(out, false, "replayed", 200);
    for (const std::size_t done : {5, 19, 20, 39, 200}) progress.at(done);
  }
  EXPECT_EQ(out.str(), "replayed 20 of 200 (10 %)\nreplayed 200 of 200 (100 %)\n");
}

TEST(Progress, of_nothing_is_nothing) {
  std::ostringstream out;
  {
    Progress progress(out, true, "replayed", 0);
    progress.at(0);
  }
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace gantry::cli
