// Child processes and waiting: nothing may be left over, whatever becomes of a test.
#include "support/child_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include "support/temp_folder.hpp"
#include "support/wait.hpp"

namespace gantry::test {
namespace {

TEST(ChildProcess, tells_its_exit_code_and_what_it_said) {
  const Finished finished = run_program({"sh", "-c", "echo out; echo err >&2; exit 3"}, 30s);
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.output, "out\nerr\n");
}

TEST(ChildProcess, sees_the_environment_it_was_given) {
  EXPECT_EQ(
      run_program({"sh", "-c", "echo $GANTRY_TEST_WORD"}, 30s, {{"GANTRY_TEST_WORD", "hello"}})
          .output,
      "hello\n");
}

TEST(ChildProcess, ends_with_its_owner) {
  const TempFolder folder;
  pid_t pid = 0;
  {
    const ChildProcess child({"sleep", "1000"}, folder / "output");
    pid = child.pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_NE(kill(pid, 0), 0);
}

TEST(ChildProcess, an_end_by_a_signal_is_told_as_shells_do) {
  const TempFolder folder;
  ChildProcess child({"sleep", "1000"}, folder / "output");
  child.signal(SIGTERM);
  EXPECT_EQ(child.wait(30s), 128 + SIGTERM);
}

TEST(ChildProcess, a_program_that_is_not_there_fails_with_127) {
  EXPECT_EQ(run_program({"/nowhere/at-all"}, 30s).exit_code, 127);
}

TEST(Eventually, says_what_it_waited_for) {
  try {
    eventually([] { return false; }, 1ms, "pigs to fly");
    FAIL() << "returned";
  } catch (const TimedOut& error) {
    EXPECT_NE(std::string(error.what()).find("pigs to fly"), std::string::npos);
  }
}

}  // namespace
}  // namespace gantry::test
