// The README's section "When something goes wrong", with its commands as they stand there: each is
// run against the host that it speaks of.
#include <gmock/gmock.h>

#include <filesystem>
#include <sstream>

#include "end_to_end.hpp"
#include "support/alerttalk_server.hpp"

namespace gantry::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

using Block = std::vector<std::string>;  // the commands of one ```sh block, without comments

std::vector<Block> blocks_of(const std::string& section) {
  std::istringstream lines(read_file(GANTRY_README));
  std::vector<Block> blocks;
  bool inside = false;
  bool block = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) inside = line == "## " + section;
    if (inside && line == "```sh") {
      blocks.emplace_back();
      block = true;
    } else if (line == "```") {
      block = false;
    } else if (inside && block) {
      line = line.substr(0, line.find('#'));
      blocks.back().push_back(line.substr(0, line.find_last_not_of(' ') + 1));
    }
  }
  return blocks;
}

class Incident : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    files.set("SAVER", saver).set("ALERT", alert).set("ALERTTALK", alert_talk.url());
    write_main(database_table(database));
    write_saver();
    files.route("alert", R"(
[[plugin]]
library = "libalert.so"
[[route]]
name = "@ALERT@"
handler = "alert"
topics = ["@TOPIC@"]
settings = { database = "main", url = "@ALERTTALK@", template = "order-paid", sender_key = "secret" }
)");
    apply_migrations();
  }
  void write_saver() {
    files.route("saver", R"(
[[plugin]]
library = "liborder-saver.so"
[[route]]
name = "@SAVER@"
handler = "order-saver"
topics = ["@TOPIC@"]
settings = { database = "main" }
)");
  }
  void write_bad_release() {
    files.route("saver", R"(
[[plugin]]
library = "libprobe.so"
[[route]]
name = "@SAVER@"
handler = "probe"
topics = ["@TOPIC@"]
settings = { file = "@FOLDER@/saver.calls" }
)");
    touch("saver.calls.broken");
  }
  void pay(int orders) {
    std::vector<Record> events = skewed_orders(topic, orders, 5, paid_ + 1);
    paid_ += orders;
    kafka.produce(events);
  }
  void wait_for(const std::string& rows, std::int64_t count) {
    eventually([&] { return database.count(rows) >= count; }, 90s,
               std::to_string(count) + " rows of " + rows);
    EXPECT_EQ(database.count(rows), count);
  }
  // One of the README's commands: its routes have names of their own here, and the files another
  // place.
  std::string run_command(std::string command, const HostProcess& host) {
    if (command.starts_with("curl")) return host.get(command.substr(command.rfind('/'))).body;
    for (std::size_t at = 0; (at = command.find("order-saver", at)) != std::string::npos;)
      command.replace(at, 11, saver);
    std::istringstream stream(command);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    EXPECT_EQ(words.at(0), "gantry");
    words.erase(words.begin());
    words.insert(words.end(), {"--config", files.file().string()});
    const Finished finished = run_gantry(words);
    EXPECT_EQ(finished.exit_code, 0) << command << '\n' << finished.output;
    return finished.output;
  }
  std::vector<std::string> run_block(std::size_t index, const HostProcess& host) {
    std::vector<std::string> outputs;
    for (const std::string& command : commands.at(index))
      outputs.push_back(run_command(command, host));
    return outputs;
  }

  AlertTalkServer alert_talk;
  Database database = Postgres::shared().create_database();
  const std::string saver = unique_name("saver");
  const std::string alert = unique_name("alert");
  const std::vector<Block> commands = blocks_of("When something goes wrong");

 private:
  std::int64_t paid_ = 0;
};

TEST_F(Incident, a_dependency_that_is_down_is_waited_for_and_nothing_is_lost) {
  ASSERT_THAT(commands, SizeIs(3));
  HostProcess host(files);
  pay(10);
  wait_for("notifications WHERE state = 'SENT'", 10);
  alert_talk.stop();
  pay(10);
  wait_for("saved_orders", 20);  // the other route does not notice
  eventually([&] { return host.get("/readyz").body.find("unavailable") != std::string::npos; }, 60s,
             "the route to say that it waits");
  const auto outputs = run_block(0, host);
  ASSERT_THAT(outputs, SizeIs(2));
  EXPECT_THAT(outputs[0], AllOf(HasSubstr(alert), HasSubstr("unavailable")));
  EXPECT_THAT(outputs[1], StartsWith("no dead letters"));
  alert_talk.start();
  wait_for("notifications WHERE state = 'SENT'", 20);
  EXPECT_THAT(dead_letters(), SizeIs(0));
}

TEST_F(Incident, a_bad_releases_dead_letters_are_replayed_after_the_fix) {
  ASSERT_THAT(commands, SizeIs(3));
  write_bad_release();
  HostProcess host(files);
  pay(30);
  eventually([&] { return dead_letters().size() == 30; }, 90s, "30 dead letters");
  wait_for("notifications WHERE state = 'SENT'", 30);
  const auto seen = run_block(1, host);
  ASSERT_THAT(seen, SizeIs(3));
  EXPECT_THAT(seen[0], HasSubstr(saver + "  rejected  " + topic + "     30  "));
  EXPECT_THAT(seen[1], HasSubstr("  broken\n"));
  EXPECT_THAT(seen[2], AllOf(HasSubstr("  error         broken\n"),
                             HasSubstr("{\"type\":\"OrderCreatedEvent\"")));
  write_saver();
  const auto outputs = run_block(2, host);
  ASSERT_THAT(outputs, SizeIs(4));
  EXPECT_THAT(outputs[0], StartsWith("changed        " + saver + ": handler"));
  EXPECT_THAT(outputs[1], EndsWith("would replay 30 to gantry.replay." + saver + "\n"));
  EXPECT_THAT(outputs[2], HasSubstr("30 of 30 dead letters replayed\n"));
  EXPECT_THAT(outputs[3], StartsWith("no dead letters"));
  wait_for("saved_orders", 30);
  kafka.wait_until_committed(group(saver), "gantry.replay." + saver);
  EXPECT_EQ(database.count("saved_orders"), 30);
  EXPECT_EQ(alert_talk.request_count(), 30u) << "the other route has seen a replay";
  EXPECT_THAT(dead_letters(), SizeIs(30));
}

}  // namespace
}  // namespace gantry::test
