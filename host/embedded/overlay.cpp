#include "embedded/overlay.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "kafka/letter_topics.hpp"
#include "route/message/replayed.hpp"

namespace gantry::embedded {
namespace {

constexpr const char* kHere = "127.0.0.1";

bool is_free(std::uint16_t port) {
  using boost::asio::ip::tcp;
  boost::asio::io_context io;
  boost::system::error_code error;
  tcp::acceptor acceptor(io);
  acceptor.open(tcp::v4(), error);
  acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  acceptor.bind({boost::asio::ip::address_v4::loopback(), port}, error);
  return !error;
}

config::Listen here(const config::Listen& written, bool any_port) {
  return {kHere, !any_port && is_free(written.port) ? written.port : std::uint16_t{0}};
}

void connect_without_credentials(config::Properties& properties) {
  std::erase_if(properties, [](const auto& property) {
    const std::string& name = property.first;
    return name == "metadata.broker.list" || name == "bootstrap.servers" ||
           name.starts_with("security.") || name.starts_with("sasl.") || name.starts_with("ssl.");
  });
}

// A group that has committed nothing looks up the end of a topic after it has been assigned its
// partitions: by `latest` it would pass by what was sent in between.
void read_from_the_beginning(config::Properties& properties) {
  properties["auto.offset.reset"] = "earliest";
}

void notify(const std::string& url, config::Route& route) {
  route.settings["url"].value.emplace<std::string>(url);
  route.settings["sender_key"].value.emplace<std::string>("development");
}

}  // namespace

void use(const Addresses& addresses, config::Config& config) {
  for (config::Properties* properties : {&config.kafka, &config.producer, &config.consumer}) {
    connect_without_credentials(*properties);
  }
  config.kafka["bootstrap.servers"] = addresses.bootstrap;
  read_from_the_beginning(config.consumer);
  config.topics.clear();
  for (auto& [name, database] : config.databases) database.dsn = addresses.dsn(name);
  for (config::Route& route : config.routes) {
    connect_without_credentials(route.consumer);
    if (route.consumer.contains("auto.offset.reset")) read_from_the_beginning(route.consumer);
    if (route.handler == "alert") notify(addresses.alert_talk_url, route);
  }
  if (config.http) {
    config.http->listen = here(config.http->listen, addresses.any_port);
    config.http->auth.reset();
    config.http->open_to_all = true;
  }
  config.admin.listen = here(config.admin.listen.value_or(config::Listen{}), addresses.any_port);
  config.admin.socket = addresses.state_dir / "admin.sock";
  config.state_dir = addresses.state_dir;
}

void give_all_time(config::Config& config) {
  constexpr config::Milliseconds kDay = std::chrono::hours{24};
  // Half an hour: the development brokers count microseconds in 32 bits.
  const auto give = [](config::Properties& properties) {
    properties["session.timeout.ms"] = properties["max.poll.interval.ms"] = "1800000";
    properties["heartbeat.interval.ms"] = "3000";
  };
  give(config.consumer);
  for (config::Route& route : config.routes) {
    if (!route.http) give(route.consumer);
    route.handler_deadline = route.stall_after = kDay;
  }
}

std::map<std::string, TopicShape> topics_used(const config::Config& config) {
  std::map<std::string, TopicShape> topics;
  for (const auto& [name, topic] : config.topics) topics[name] = {topic.partitions, topic.replicas};
  for (const config::Route& route : config.routes) {
    for (const std::string& topic : route.topics) topics.try_emplace(topic);
    for (const auto& [name, output] : route.outputs) topics.try_emplace(output.topic);
    if (route.http) continue;
    topics.try_emplace(route.dead_letter.topic);
    topics.try_emplace(route::replay_topic(route.name), TopicShape{.partitions = 1});
    topics.try_emplace(kafka::settled_topic_name(route.dead_letter.topic),
                       TopicShape{.partitions = 1});
  }
  return topics;
}

}  // namespace gantry::embedded
