// Topics as declared in TOML: made when they are missing, compared when they are there.
#include "end_to_end.hpp"

namespace gantry::test {
namespace {

class Topics : public EndToEnd {
 protected:
  void SetUp() override {
    write_main(R"(
[[topic]]
name = "@TOPIC@"
partitions = 4
replicas = 3
config = { "min.insync.replicas" = 2, "retention.ms" = 86400000 }
[[topic]]
name = "@DLQ@"
partitions = 2
replicas = 3
config = { "max.message.bytes" = 1114124 }
)");
    write_probe_route();
  }
};

TEST_F(Topics, missing_ones_are_made_with_the_declared_partitions_replicas_and_configuration) {
  HostProcess host(files);
  host.wait_until_ready(120s);
  const auto made = kafka.topic(topic);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->partitions, 4);
  EXPECT_EQ(made->replicas, 3);
  EXPECT_EQ(made->config.at("min.insync.replicas"), "2");
  EXPECT_EQ(made->config.at("retention.ms"), "86400000");
  const auto letters = kafka.topic(dlq);
  ASSERT_TRUE(letters);
  EXPECT_EQ(letters->partitions, 2);
  EXPECT_EQ(letters->config.at("max.message.bytes"), "1114124");
}

TEST_F(Topics, what_was_made_is_read_at_once) {
  HostProcess host(files);
  host.wait_until_ready(120s);
  send("first", "ok");
  probe_file().wait_for_key("first");
}

TEST_F(Topics, an_existing_one_that_differs_is_reported_and_left_as_it_is) {
  kafka.create_topic(topic,
                     {.partitions = 2, .replicas = 3, .config = {{"retention.ms", "1000000"}}});
  HostProcess host(files);
  host.wait_for_log("topic differs from its declaration");
  const std::string log = host.log();
  EXPECT_NE(log.find(topic), std::string::npos);
  EXPECT_NE(log.find("partitions"), std::string::npos);
  EXPECT_NE(log.find("retention.ms"), std::string::npos);
  const auto still = kafka.topic(topic);
  ASSERT_TRUE(still);
  EXPECT_EQ(still->partitions, 2);
  EXPECT_EQ(still->config.at("retention.ms"), "1000000");
}

TEST_F(Topics, one_that_is_neither_there_nor_declared_is_named_and_waited_for) {
  write_main();
  HostProcess host(files);
  eventually([&] { return host.get("/readyz").body.find(topic) != std::string::npos; }, 120s,
             "/readyz to name the missing topic");
  EXPECT_EQ(host.get("/readyz").status, 503);
  kafka.create_topic(topic);
  kafka.create_topic(dlq);
  send("late", "ok");
  probe_file().wait_for_key("late");
}

}  // namespace
}  // namespace gantry::test
