// Dead letters whose topic does not take them, on a host without an outbox: the route holds and
// says so, the committed offset stays before the message, also over a kill -9, and all of it goes
// on by itself once the topic takes them.
#include <gmock/gmock.h>

#include <optional>

#include "end_to_end.hpp"
#include "metric_samples.hpp"

namespace gantry::test {
namespace {

using testing::HasSubstr;

class HeldDeadLetters : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    write_main();
    write_probe_route("probe", "drain_timeout_ms = 1000\n");
  }
  void create_small_dlq() { kafka.create_topic(dlq, {.config = {{"max.message.bytes", "1000"}}}); }
  // One message is handled before it, and one behind it, before it is rejected.
  Record reject_one(const std::string& more = "") {
    send("before", "ok", 0);
    const Record bad = send("bad", "wait-for:" + in_folder("go") + " reject " + more, 0);
    send("behind", "ok", 0);
    probe_file().wait_for_key("behind");
    touch("go");
    return bad;
  }
  static double sample(const HostProcess& host, const std::string& name) {
    return sample_of(host.get("/metrics").body, "gantry_" + name).value_or(-1);
  }
  static void wait_until_holding(const HostProcess& host) {
    eventually([&] { return sample(host, "route_state{route=\"probe\",state=\"holding\"}") == 1; },
               120s, "the route to hold");
  }
  void expect_told(const HostProcess& host, const std::string& error) const {
    const HttpAnswer readiness = host.get("/readyz");
    EXPECT_EQ(readiness.status, 503);
    EXPECT_THAT(readiness.body,
                HasSubstr(R"("route:probe":{"ready":false,"state":"holding","reason":)"
                          R"("dead letters are not taken: topic \")" +
                          dlq + R"(\": )" + error));
    EXPECT_EQ(host.get("/healthz").status, 200);
    EXPECT_EQ(sample(host, "dead_letters_waiting{route=\"probe\"}"), 1);
    EXPECT_THAT(host.log(), HasSubstr("part is not ready  part=route:probe state=holding"));
  }
  // However often it is tried, nothing is handed out meanwhile, and no offset passes it.
  void expect_held(const HostProcess& host, const Record& bad) {
    wait_until_holding(host);
    const std::string key = "held-" + std::to_string(++held_);
    send(key, "ok", 1);
    const std::string failures = "dead_letter_failures_total{route=\"probe\"}";
    const double before = sample(host, failures);
    eventually([&] { return sample(host, failures) > before; }, 120s,
               "the dead letter to be tried again");
    EXPECT_TRUE(probe_file().calls_of(key).empty()) << "the route did not hold";
    expect_offset_before(bad);
  }
  // What was handled behind it is in the same commit.
  void expect_offset_before(const Record& bad) {
    eventually([&] { return !kafka.committed_metadata(group(), topic)[0].empty(); }, 60s,
               "a commit of what was handled behind the message");
    EXPECT_EQ(kafka.committed(group(), topic)[0], bad.offset);
  }
  // It is in its topic, and all that waited for it is handled once.
  void expect_arrival(const Record& bad, const std::string& where) {
    kafka.wait_until_committed(group(), topic);
    const auto letters = kafka.consume_all(where);
    EXPECT_EQ(letters.size(), 1u);
    for (const Record& letter : letters) {
      EXPECT_EQ(letter.key, bad.key);
      EXPECT_EQ(letter.value, bad.value);
      EXPECT_EQ(letter.header("gantry.reason"), "rejected");
      EXPECT_EQ(letter.header("gantry.original-offset"), std::to_string(bad.offset));
    }
    EXPECT_EQ(probe_file().calls_of("before").size(), 1u);
    EXPECT_EQ(probe_file().calls_of("behind").size(), 1u);
    for (int i = 1; i <= held_; ++i)
      EXPECT_EQ(probe_file().calls_of("held-" + std::to_string(i)).size(), 1u);
  }

  int held_ = 0;
};

TEST_F(HeldDeadLetters, one_too_large_for_its_topic_arrives_when_the_topic_has_room) {
  create_small_dlq();
  std::optional<HostProcess> host(files);
  const Record bad = reject_one(std::string(2000, 'x'));
  expect_held(*host, bad);
  expect_told(*host, "MSG_SIZE_TOO_LARGE");
  host->kill9();
  expect_offset_before(bad);
  EXPECT_TRUE(dead_letters().empty());
  host.emplace(files);
  expect_held(*host, bad);
  kafka.set_topic_config(dlq, {{"max.message.bytes", "100000"}});
  expect_arrival(bad, dlq);
  host->wait_until_ready();
}

TEST_F(HeldDeadLetters, one_for_a_topic_that_is_missing_arrives_when_it_is_there) {
  std::optional<HostProcess> host(files);
  const Record bad = reject_one();
  expect_held(*host, bad);
  expect_told(*host, "");
  host->kill9();
  expect_offset_before(bad);
  host.emplace(files);
  expect_held(*host, bad);
  kafka.create_topic(dlq);
  expect_arrival(bad, dlq);
  host->wait_until_ready();
}

TEST_F(HeldDeadLetters, one_too_large_for_its_topic_arrives_in_another_that_a_reload_names) {
  create_small_dlq();
  const std::string roomy = run + "-roomy";
  kafka.create_topic(roomy);
  HostProcess host(files);
  const Record bad = reject_one(std::string(2000, 'x'));
  expect_held(host, bad);
  write_probe_route("probe",
                    "dead_letter = { topic = \"" + roomy + "\", headers = [\"gantry\"] }\n");
  const Finished reload = command({"reload"});
  EXPECT_EQ(reload.exit_code, 0) << reload.output;
  expect_arrival(bad, roomy);
  EXPECT_TRUE(dead_letters().empty());
  host.wait_until_ready();
}

TEST_F(HeldDeadLetters, one_does_not_keep_the_host_from_ending_and_is_not_lost_by_it) {
  create_small_dlq();
  std::optional<HostProcess> host(files);
  const Record bad = reject_one(std::string(2000, 'x'));
  expect_held(*host, bad);
  EXPECT_TRUE(host->terminate().has_value()) << "the process did not end";
  expect_offset_before(bad);
  kafka.set_topic_config(dlq, {{"max.message.bytes", "100000"}});
  host.emplace(files);
  expect_arrival(bad, dlq);
}

}  // namespace
}  // namespace gantry::test
