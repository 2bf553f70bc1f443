// A development environment takes the place of everything outside that a configuration names: above
// all of what must not be reached from a developer's machine.
#include "embedded/overlay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace gantry::embedded {
namespace {

using testing::ElementsAre;
using testing::Key;
using testing::Pair;

config::Config production() {
  config::Config config;
  config.kafka = {{"bootstrap.servers", "prod:9093"},
                  {"security.protocol", "SASL_SSL"},
                  {"sasl.password", "secret"},
                  {"client.id", "shop"}};
  config.producer = {{"ssl.key.location", "/etc/key"}, {"acks", "all"}};
  config.topics["orders"] = {"orders", 6, 2, {}, {}};
  config.databases["main"] = {"main", "host=prod", {}};
  config.http.emplace();
  config.http->listen = {"0.0.0.0", 0};
  config.http->auth.emplace().tokens["shop"] = "secret";
  config.admin.listen = config::Listen{"::", 0};
  config.state_dir = "/var/lib/gantry";
  config::Route alert;
  alert.name = "alert-vip";
  alert.handler = "alert";
  alert.topics = {"orders", "vip"};
  alert.settings["url"].value.emplace<std::string>("https://alerttalk.example/messages");
  alert.settings["sender_key"].value.emplace<std::string>("secret");
  alert.dead_letter.topic = "lost";
  config::Route payment;
  payment.name = "payment";
  payment.http.emplace();
  payment.outputs["order_created"].topic = "paid";
  payment.dead_letter.topic = "never-used";
  config.routes = {alert, payment};
  return config;
}

Addresses addresses() {
  return {"127.0.0.1:1", "http://127.0.0.1:2/", "/tmp/state",
          [](const std::string& name) { return "host=/tmp dbname=" + name; }, false};
}

config::Config development() {
  config::Config config = production();
  use(addresses(), config);
  return config;
}

TEST(Overlay, connects_to_its_own_brokers_without_credentials) {
  const config::Config config = development();
  EXPECT_THAT(config.kafka,
              ElementsAre(Pair("bootstrap.servers", "127.0.0.1:1"), Pair("client.id", "shop")));
  EXPECT_THAT(config.producer, ElementsAre(Key("acks")));
}

TEST(Overlay, reads_all_of_a_topic) {
  config::Config config = production();
  config.kafka["auto.offset.reset"] = config.routes[0].consumer["auto.offset.reset"] = "latest";
  use(addresses(), config);
  EXPECT_EQ(config.consumer.at("auto.offset.reset"), "earliest") << "which counts for more";
  EXPECT_EQ(config.routes[0].consumer.at("auto.offset.reset"), "earliest");
  EXPECT_FALSE(config.routes[1].consumer.contains("auto.offset.reset"));
}

TEST(Overlay, gives_each_database_one_of_its_own) {
  EXPECT_EQ(development().databases.at("main").dsn, "host=/tmp dbname=main");
}

TEST(Overlay, notifies_nobody) {
  const config::Config config = development();
  const auto& settings = config.routes.at(0).settings;
  EXPECT_EQ(std::get<std::string>(settings.at("url").value), "http://127.0.0.1:2/");
  EXPECT_EQ(std::get<std::string>(settings.at("sender_key").value), "development");
}

TEST(Overlay, listens_to_this_machine_alone_and_asks_it_for_no_token) {
  const config::Config config = development();
  EXPECT_EQ(config.http->listen.address, "127.0.0.1");
  EXPECT_EQ(config.admin.listen->address, "127.0.0.1");
  EXPECT_FALSE(config.http->auth.has_value());
  EXPECT_TRUE(config.http->open_to_all);
}

TEST(Overlay, takes_another_port_where_that_of_the_configuration_is_taken) {
  using boost::asio::ip::tcp;
  boost::asio::io_context io;
  tcp::acceptor taken(io, {boost::asio::ip::address_v4::loopback(), 0});
  config::Config config = production();
  config.http->listen.port = taken.local_endpoint().port();
  use(addresses(), config);
  EXPECT_EQ(config.http->listen.port, 0);
}

TEST(Overlay, keeps_the_port_of_the_configuration_where_that_is_free) {
  using boost::asio::ip::tcp;
  boost::asio::io_context io;
  std::uint16_t port = 0;
  {
    const tcp::acceptor once(io, {boost::asio::ip::address_v4::loopback(), 0});
    port = once.local_endpoint().port();
  }
  config::Config config = production();
  config.http->listen.port = port;
  use(addresses(), config);
  EXPECT_EQ(config.http->listen.port, port);
  Addresses any = addresses();
  any.any_port = true;
  use(any, config);
  EXPECT_EQ(config.http->listen.port, 0);
}

TEST(Overlay, leaves_no_topic_to_be_made_since_its_brokers_cannot) {
  EXPECT_TRUE(development().topics.empty());
}

TEST(TopicsUsed, are_those_that_are_declared_or_named_by_a_route) {
  const auto topics = topics_used(production());
  EXPECT_THAT(topics, ElementsAre(Key("gantry.replay.alert-vip"), Key("lost"), Key("lost.settled"),
                                  Key("orders"), Key("paid"), Key("vip")));
  EXPECT_EQ(topics.at("orders").partitions, 6);
  EXPECT_EQ(topics.at("orders").replicas, 2);
}

}  // namespace
}  // namespace gantry::embedded
