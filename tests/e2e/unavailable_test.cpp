// Messages whose handler says that what it needs is not there: while that is true of all of them
// nothing is counted, and while it is true of one alone, that one is to blame.
#include <gmock/gmock.h>

#include "end_to_end.hpp"
#include "metric_samples.hpp"

namespace gantry::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

class UnavailableMessages : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
    write_probe_route("probe", "concurrency = 1\nretry = { max_attempts = 4, backoff_ms = 1 }\n");
  }
  std::string down() const { return "down:" + in_folder("up"); }
  std::vector<int> attempts(const std::string& key) const {
    std::vector<int> result;
    for (const ProbeCall& call : probe_file().calls_of(key)) result.push_back(call.attempt);
    return result;
  }
  static double sample(const HostProcess& host, const std::string& name) {
    return sample_of(host.get("/metrics").body, "gantry_" + name).value_or(-1);
  }
};

TEST_F(UnavailableMessages, are_probed_key_by_key_and_are_all_handled_when_it_is_back) {
  std::vector<Record> records;
  for (int i = 0; i < 12; ++i)
    records.push_back(
        {.topic = topic, .partition = 0, .key = std::string(1, "abcd"[i % 4]), .value = down()});
  kafka.produce(records);
  HostProcess host(files);
  probe_file().wait_for(6, "end");
  const auto calls = probe_file().calls("end");
  std::vector<std::string> probed;
  for (std::size_t i = 0; i < 6; ++i) probed.push_back(calls[i].key);
  EXPECT_THAT(probed, ElementsAre("a", "b", "c", "d", "a", "b"));
  EXPECT_THAT(calls, Each(Field(&ProbeCall::attempt, 1)));
  EXPECT_EQ(host.get("/readyz").status, 503);
  EXPECT_THAT(host.get("/readyz").body, HasSubstr("\"state\":\"unavailable\""));
  EXPECT_EQ(kafka.committed(group(), topic)[0], 0);

  touch("up");
  kafka.wait_until_committed(group(), topic);
  EXPECT_EQ(probe_file().distinct_messages(), records.size());
  EXPECT_EQ(probe_file().order_problem(), "");
  EXPECT_THAT(probe_file().calls(), Each(Field(&ProbeCall::attempt, 1)));
  EXPECT_TRUE(dead_letters().empty());
  EXPECT_EQ(sample(host, "retries_total{route=\"probe\"}"), 0);
  host.wait_until_ready();
}

TEST_F(UnavailableMessages, one_that_alone_says_so_is_to_blame_and_does_not_hold_the_route) {
  HostProcess host(files);
  const Record bad = send("bad", down(), 0);
  send("bad", "ok", 0);
  int others = 0;
  eventually(
      [&] {
        send("other-" + std::to_string(++others), "ok", 0);
        return sample(host, "dead_letters_total{route=\"probe\",reason=\"exhausted\"}") == 1;
      },
      120s, "the message to become a dead letter");
  kafka.wait_until_committed(group(), topic);
  const auto letters = dead_letters();
  ASSERT_EQ(letters.size(), 1u);
  EXPECT_EQ(letters[0].value, bad.value);
  EXPECT_EQ(letters[0].header("gantry.reason"), "exhausted");
  EXPECT_EQ(letters[0].header("gantry.attempts"), "4");
  EXPECT_EQ(letters[0].header("gantry.error"), "asked to");
  // Blamed after others have succeeded three times since it said so first: not any sooner.
  EXPECT_GE(probe_file().calls_of("bad").size(), 4u * 3 + 1 + 1);
  for (int i = 1; i <= others; ++i)
    EXPECT_EQ(probe_file().calls_of("other-" + std::to_string(i)).size(), 1u);
  EXPECT_EQ(attempts("bad").back(), 1) << "the key's next message was not handled";
  host.wait_until_ready();
}

}  // namespace
}  // namespace gantry::test
