// A host that comes by TLS and with a password, and what it may not do: nothing is lost, it says
// which right is missing, and goes on when it has it.
#include "end_to_end.hpp"

namespace gantry::test {
namespace {

class Rights : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    files.set("KAFKA", KafkaCluster::shared().secure_table());
    write_main();
    write_probe_route();
  }
  static void wait_until_it_says(const HostProcess& host, const std::string& text) {
    std::string said;
    eventually(
        [&] {
          said = host.get("/readyz").body;
          return said.find(text) != std::string::npos;
        },
        90s, [&] { return "\"" + text + "\" in /readyz, which says " + said; });
  }
};

TEST_F(Rights, of_a_user_by_tls_are_enough_to_handle_and_to_write_dead_letters) {
  HostProcess host(files);
  send("good", "ok");
  send("bad", "reject");
  EXPECT_EQ(wait_for_dead_letters(1).at(0).key, "bad");
  kafka.wait_until_committed(group(), topic);
}

TEST_F(Rights, that_are_missing_for_the_dead_letters_hold_the_route_and_no_offset_moves) {
  kafka.forbid(dlq);
  HostProcess host(files);
  const Record bad = send("bad", "reject", 1);
  send("good", "ok", 1);
  wait_until_it_says(host, "holding");
  wait_until_it_says(host, "TOPIC_AUTHORIZATION_FAILED");
  EXPECT_TRUE(dead_letters().empty());
  const auto committed = kafka.committed(group(), topic);
  EXPECT_TRUE(!committed.contains(1) || committed.at(1) <= bad.offset);
  kafka.permit(dlq);
  EXPECT_EQ(wait_for_dead_letters(1).at(0).key, "bad");
  kafka.wait_until_committed(group(), topic);
  host.wait_until_ready();
}

TEST_F(Rights, that_are_missing_for_a_source_are_said_and_it_is_read_when_they_are_there) {
  kafka.forbid(topic);
  HostProcess host(files);
  wait_until_it_says(host, "this user may not see it");
  send("good", "ok");
  kafka.permit(topic);
  probe_file().wait_for_key("good");
  host.wait_until_ready();
}

}  // namespace
}  // namespace gantry::test
