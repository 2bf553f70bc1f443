// gantry top as a person sees it in a terminal, and what it writes where there is none.
#include <gmock/gmock.h>
#include <signal.h>

#include <sstream>

#include "end_to_end.hpp"
#include "support/pseudo_terminal.hpp"

namespace gantry::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::StartsWith;

class Top : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
    write_probe_route();
    host.emplace(files);
    host->wait_until_ready();
  }
  std::vector<std::string> words() const {
    return {gantry_program(), "top", "--interval", "0.2", "--config", files.file().string()};
  }
  // Until the screen has a line like that.
  static void wait_for(PseudoTerminal& terminal, const std::string& regex) {
    std::string screen;
    eventually(
        [&] {
          screen = terminal.screen();
          return testing::Matches(ContainsRegex(regex))(screen);
        },
        60s, [&] { return "\"" + regex + "\" on\n" + screen; });
  }

  std::optional<HostProcess> host;
};

TEST_F(Top, is_a_screen_that_follows_what_the_routes_do) {
  PseudoTerminal terminal(words(), 24, 120);
  wait_for(terminal, "probe +running");
  EXPECT_THAT(terminal.screen(), StartsWith("gantry top: host host-" + run + ", "));
  EXPECT_THAT(terminal.screen(), ContainsRegex("\nROUTE +STATE +SINCE +LAG"));
  EXPECT_TRUE(terminal.shows_other_screen());
  EXPECT_FALSE(terminal.echoes());
  send("down", "down:" + in_folder("up"), 0);
  wait_for(terminal, "probe +unavailable +[0-9]+s +1 ");
  EXPECT_THAT(terminal.screen(), HasSubstr("\nprobe is unavailable: asked to\n"));
  touch("up");
  wait_for(terminal, "probe +running +[0-9]+s +0 ");
}

TEST_F(Top, leaves_the_terminal_as_it_was) {
  for (const bool by_key : {true, false}) {
    PseudoTerminal terminal(words(), 24, 120);
    wait_for(terminal, "probe +running");
    if (by_key)
      terminal.type("q");
    else
      terminal.type("\x03");  // Ctrl-C
    EXPECT_EQ(terminal.wait(60s), 0);
    EXPECT_FALSE(terminal.shows_other_screen());
    EXPECT_TRUE(terminal.echoes());
  }
}

TEST_F(Top, fits_into_the_terminal_whatever_its_size) {
  PseudoTerminal terminal(words(), 24, 120);
  wait_for(terminal, "probe +running");
  terminal.resize(4, 20);
  wait_for(terminal, "^gantry top: host hos\n\nROUTE");
  std::istringstream lines(terminal.screen());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 20u) << line;
}

TEST_F(Top, says_when_the_host_is_gone_and_goes_on_when_it_is_back) {
  PseudoTerminal terminal(words(), 24, 120);
  wait_for(terminal, "probe +running");
  host->terminate();
  wait_for(terminal, "\nno host answers at 127.0.0.1");
  host.reset();
  host.emplace(files);
  wait_for(terminal, "\n\nROUTE.*\nprobe +running");
}

TEST_F(Top, is_lines_where_there_is_no_terminal) {
  const Finished finished =
      run_gantry({"top", "--times", "2", "--interval", "0.2", "--config", files.file().string()});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(finished.output.find('\x1b'), std::string::npos);
  EXPECT_THAT(finished.output,
              ContainsRegex("^[0-9T:.-]+Z route=probe state=running.* in_flight=0 .*\n"
                            "[0-9T:.-]+Z route=probe state=running.* ok_per_second=0 .*\n$"));
}

TEST_F(Top, needs_a_host_to_begin_with) {
  host->terminate();
  EXPECT_EQ(run_gantry({"top", "--times", "1", "--config", files.file().string()}).exit_code, 1);
}

}  // namespace
}  // namespace gantry::test
