// Declared topics on real brokers; the mock cluster has no admin calls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "kafka/admin.hpp"
#include "support/kafka_client.hpp"
#include "support/kafka_cluster.hpp"
#include "support/unique_name.hpp"

namespace gantry::kafka {
namespace {

using std::chrono::milliseconds;
using test::KafkaClient;
using test::KafkaCluster;
using test::unique_name;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr milliseconds timeout{30'000};

config::Config config_for(const std::string& bootstrap) {
  config::Config config;
  config.name = "host";
  config.kafka["bootstrap.servers"] = bootstrap;
  return config;
}

class KafkaAdminTest : public testing::Test {
 protected:
  static config::Topic declare(int partitions, int replicas, config::Properties properties = {}) {
    config::Topic topic;
    topic.name = unique_name("admin");
    topic.partitions = partitions;
    topic.replicas = replicas;
    topic.config = std::move(properties);
    return topic;
  }
  TopicReport ensure(const config::Topic& topic) { return admin.ensure({{topic.name, topic}}); }

  KafkaClient client{KafkaCluster::shared().bootstrap()};
  Admin admin{config_for(KafkaCluster::shared().bootstrap())};
};

TEST_F(KafkaAdminTest, makes_a_missing_topic_as_declared) {
  const config::Topic topic =
      declare(5, 3, {{"min.insync.replicas", "2"}, {"retention.ms", "86400000"}});
  const TopicReport report = ensure(topic);
  EXPECT_THAT(report.created, ElementsAre(topic.name));
  EXPECT_THAT(report.differences, IsEmpty());
  EXPECT_THAT(report.problems, IsEmpty());
  const auto made = client.topic(topic.name);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->partitions, 5);
  EXPECT_EQ(made->replicas, 3);
  EXPECT_EQ(made->config.at("min.insync.replicas"), "2");
  EXPECT_EQ(made->config.at("retention.ms"), "86400000");
}

TEST_F(KafkaAdminTest, finds_nothing_to_say_of_a_topic_that_is_as_declared) {
  const config::Topic topic = declare(2, 2, {{"cleanup.policy", "compact"}});
  ensure(topic);
  const TopicReport report = ensure(topic);
  EXPECT_THAT(report.created, IsEmpty());
  EXPECT_THAT(report.differences, IsEmpty());
  EXPECT_THAT(report.problems, IsEmpty());
}

TEST_F(KafkaAdminTest, tells_each_difference_and_changes_nothing) {
  config::Topic topic = declare(2, 1, {{"retention.ms", "1000000"}, {"cleanup.policy", "delete"}});
  client.create_topic(topic.name,
                      {.partitions = 3, .replicas = 3, .config = {{"retention.ms", "2000000"}}});
  const TopicReport report = ensure(topic);
  std::map<std::string, std::pair<std::string, std::string>> found;
  for (const auto& difference : report.differences) {
    EXPECT_EQ(difference.topic, topic.name);
    found[difference.what] = {difference.declared, difference.actual};
  }
  EXPECT_EQ(found, (std::map<std::string, std::pair<std::string, std::string>>{
                       {"partitions", {"2", "3"}},
                       {"replicas", {"1", "3"}},
                       {"retention.ms", {"1000000", "2000000"}}}));
  EXPECT_EQ(client.topic(topic.name)->partitions, 3);
  EXPECT_EQ(client.topic(topic.name)->config.at("retention.ms"), "2000000");
}

TEST_F(KafkaAdminTest, says_how_many_brokers_are_missing_for_the_replicas) {
  const config::Topic topic = declare(1, 4);
  const TopicReport report = ensure(topic);
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_THAT(report.problems[0].text, HasSubstr("It needs 4 brokers and there are 3"));
  EXPECT_TRUE(report.problems[0].may_pass);
}

TEST_F(KafkaAdminTest, tells_what_the_brokers_say_of_a_bad_topic_configuration) {
  const config::Topic topic = declare(1, 1, {{"retention.ms", "soon"}});
  const TopicReport report = ensure(topic);
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_THAT(report.problems[0].text, HasSubstr("retention.ms"));
  EXPECT_FALSE(report.problems[0].may_pass);
}

TEST_F(KafkaAdminTest, a_bad_topic_does_not_keep_others_from_being_made) {
  const config::Topic bad = declare(1, 1, {{"retention.ms", "soon"}});
  const config::Topic good = declare(1, 1);
  const TopicReport report = admin.ensure({{bad.name, bad}, {good.name, good}});
  EXPECT_THAT(report.created, ElementsAre(good.name));
  EXPECT_EQ(report.problems.size(), 1u);
}

TEST_F(KafkaAdminTest, names_used_topics_that_nobody_declares_and_that_are_missing) {
  const std::string there = unique_name("there");
  const std::string missing = unique_name("missing");
  client.create_topic(there, {.partitions = 1});
  const TopicReport report = admin.ensure({}, {there, missing});
  ASSERT_EQ(report.problems.size(), 1u);
  EXPECT_EQ(report.problems[0].topic, missing);
  EXPECT_THAT(report.problems[0].text, HasSubstr("Declare it as [[topic]], or create it"));
  EXPECT_FALSE(client.topic(missing)) << "asking for it has made it";
}

TEST_F(KafkaAdminTest, tells_partitions_replicas_and_configuration_of_topics) {
  const std::string topic = unique_name("there");
  client.create_topic(topic,
                      {.partitions = 4, .replicas = 2, .config = {{"retention.ms", "5000"}}});
  const std::string missing = unique_name("missing");
  const auto states = admin.topics({topic, missing}, timeout);
  ASSERT_EQ(states.size(), 1u);
  EXPECT_EQ(states.at(topic).partitions, 4);
  EXPECT_EQ(states.at(topic).replicas, 2);
  EXPECT_EQ(states.at(topic).config.at("retention.ms"), "5000");
  EXPECT_EQ(admin.partition_counts({topic, missing}, timeout),
            (std::map<std::string, int>{{topic, 4}}));
}

TEST(KafkaAdminUnreachableTest, says_which_brokers_do_not_answer_and_why) {
  Admin admin(config_for("127.0.0.1:1"));
  try {
    admin.ensure({}, {"topic"}, milliseconds(500));
    FAIL() << "nobody is there";
  } catch (const AdminError& error) {
    EXPECT_EQ(error.kind(), AdminError::Kind::unreachable);
    EXPECT_THAT(error.what(), HasSubstr("Kafka at 127.0.0.1:1: the list of topics got no answer"));
    EXPECT_THAT(error.what(), HasSubstr("Connection refused"));
  }
}

TEST(KafkaAdminUnreachableTest, calls_wrong_credentials_refused) {
  config::Config config = config_for(KafkaCluster::shared().bootstrap());
  config.kafka["security.protocol"] = "SASL_PLAINTEXT";
  config.kafka["sasl.mechanisms"] = "PLAIN";
  config.kafka["sasl.username"] = "nobody";
  config.kafka["sasl.password"] = "nothing";
  Admin admin(config);
  try {
    admin.partition_counts({"topic"}, milliseconds(5000));
    FAIL() << "the brokers took a password that they do not know";
  } catch (const AdminError& error) {
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("nothing")));
    EXPECT_EQ(error.kind(), AdminError::Kind::refused) << error.what();
  }
}

}  // namespace
}  // namespace gantry::kafka
