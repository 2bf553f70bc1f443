// Messages that a handler leaves pending and never settles, or too late, or twice: what becomes of
// them, and that a settle which is refused changes nothing.
#include <gmock/gmock.h>

#include "end_to_end.hpp"
#include "metric_samples.hpp"

namespace gantry::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LeftPending : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    write_main();
  }
  void write_route(const std::string& more) {
    files.route("pender",
                "[[plugin]]\nlibrary = \"libpender.so\"\n[[route]]\nname = \"pender\"\n"
                "handler = \"pender\"\ntopics = [\"@TOPIC@\"]\n"
                "settings = { file = \"@FOLDER@/pender.calls\" }\n"
                "retry = { max_attempts = 4, backoff_ms = 1 }\n"
                "handler_deadline_ms = 1000\n" +
                    more);
  }
  ProbeFile file() const { return probe_file("pender"); }
  std::vector<int> attempts(const std::string& key, const std::string& event) const {
    std::vector<int> result;
    for (const ProbeCall& call : file().calls_of(key, event)) result.push_back(call.attempt);
    return result;
  }
  void send_others(std::int32_t partition) {
    std::vector<Record> others;
    for (int i = 0; i < kOthers; ++i)
      others.push_back({.topic = topic,
                        .partition = partition,
                        .key = "other-" + std::to_string(i),
                        .value = "ok"});
    kafka.produce(others);
  }
  // What was handled behind it is in the brokers' hands, and it is not.
  void wait_until_only_the_others_are_committed(const Record& open) {
    eventually(
        [&] { return !kafka.committed_metadata(group("pender"), topic)[open.partition].empty(); },
        60s, "a commit of what was handled behind the message");
    EXPECT_EQ(kafka.committed(group("pender"), topic)[open.partition], open.offset);
  }
  void wait_until_committed() { kafka.wait_until_committed(group("pender"), topic); }
  static double refused_settles(const HostProcess& host) {
    return sample_of(host.get("/metrics").body,
                     "gantry_misbehaviour_total{route=\"pender\",kind=\"settle_refused\"}")
        .value_or(0);
  }

  static constexpr int kOthers = 30;
};

TEST_F(LeftPending, one_that_is_never_settled_is_cancelled_and_tried_again_while_others_go_on) {
  kafka.create_topic(dlq);
  write_route("cancel_grace_ms = 500\n");
  HostProcess host(files);
  send("bad", "never", 0);
  file().wait_for_key("bad", "begin");
  // Its four attempts take six seconds: these come in while they last.
  send_others(0);
  file().wait_for(kOthers, "taken");
  send("bad", "ok", 0);
  const auto letters = wait_for_dead_letters(1);
  EXPECT_EQ(letters[0].value, "never");
  EXPECT_EQ(letters[0].header("gantry.reason"), "exhausted");
  EXPECT_EQ(letters[0].header("gantry.attempts"), "4");
  EXPECT_EQ(letters[0].header("gantry.error"), "handler deadline exceeded");
  wait_until_committed();
  EXPECT_EQ(dead_letters().size(), 1u);
  EXPECT_THAT(attempts("bad", "cancel"), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(attempts("bad", "begin"), ElementsAre(1, 2, 3, 4, 1)) << "the last one is the next";
  EXPECT_THAT(attempts("bad", "taken"), ElementsAre(1));
  const auto calls = file().calls();
  ASSERT_EQ(calls.size(), kOthers + 5u);
  EXPECT_EQ(calls[kOthers + 3].key, "bad") << "the pending message held the others up";
}

TEST_F(LeftPending, the_offset_of_one_that_is_never_settled_waits_for_its_dead_letter) {
  write_route("cancel_grace_ms = 500\n");
  HostProcess host(files);
  const Record bad = send("bad", "never", 0);
  file().wait_for_key("bad", "begin");
  send_others(0);
  wait_until_only_the_others_are_committed(bad);
  eventually([&] { return host.get("/readyz").body.find("holding") != std::string::npos; }, 90s,
             "the route to hold without the topic of dead letters");
  EXPECT_EQ(kafka.committed(group("pender"), topic)[0], bad.offset);
  kafka.create_topic(dlq);
  wait_until_committed();
  EXPECT_EQ(dead_letters().size(), 1u);
  EXPECT_EQ(file().calls("taken").size(), kOthers) << "each of the others once";
}

TEST_F(LeftPending, a_settle_when_it_is_cancelled_is_refused_and_the_next_attempt_comes_at_once) {
  kafka.create_topic(dlq);
  write_route("cancel_grace_ms = 3600000\n");
  HostProcess host(files);
  send("slow", "let-go", 0);
  send("slow", "ok", 0);
  wait_until_committed();
  EXPECT_THAT(attempts("slow", "begin"), ElementsAre(1, 2, 1));
  EXPECT_THAT(attempts("slow", "refused"), ElementsAre(1));
  EXPECT_THAT(attempts("slow", "taken"), ElementsAre(2, 1));
  EXPECT_EQ(refused_settles(host), 1);
  EXPECT_THAT(dead_letters(), IsEmpty());
}

TEST_F(LeftPending, a_settle_when_the_next_attempt_has_begun_is_refused_and_moves_no_offset) {
  kafka.create_topic(dlq);
  write_route("cancel_grace_ms = 1\n");
  HostProcess host(files);
  const Record slow = send("slow", "late:" + in_folder("go"), 0);
  file().wait_for_key("slow", "refused");
  EXPECT_EQ(refused_settles(host), 1);
  send_others(0);
  wait_until_only_the_others_are_committed(slow);
  touch("go");
  send("slow", "ok", 0);
  wait_until_committed();
  EXPECT_THAT(attempts("slow", "begin"), ElementsAre(1, 2, 1));
  EXPECT_EQ(refused_settles(host), 1);
  EXPECT_THAT(dead_letters(), IsEmpty());
}

TEST_F(LeftPending, a_second_settle_is_refused_and_makes_no_dead_letter) {
  kafka.create_topic(dlq);
  write_route("");
  HostProcess host(files);
  for (int i = 0; i < 5; ++i) send("same", "twice", 0);
  wait_until_committed();
  file().wait_for(5, "refused");
  EXPECT_THAT(attempts("same", "begin"), ElementsAre(1, 1, 1, 1, 1));
  EXPECT_EQ(file().calls("taken").size(), 5u);
  EXPECT_EQ(refused_settles(host), 5);
  EXPECT_THAT(dead_letters(), IsEmpty());
}

}  // namespace
}  // namespace gantry::test
