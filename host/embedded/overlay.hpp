// Puts the addresses of a development environment where a configuration names brokers, databases,
// AlertTalk and places to listen. Pure but for looking which ports are free. Start-up, main thread.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "config/model.hpp"

namespace gantry::embedded {

struct Addresses {
  std::string bootstrap;
  std::string alert_talk_url;
  std::filesystem::path state_dir;
  std::function<std::string(const std::string& name)> dsn;  // of a [database.NAME]
  bool any_port = false;  // else those of the configuration, as far as they are free
};

// - Brokers without credentials or TLS; no topic is declared any more, since development brokers
//   have no admin calls: see topics_used(). All of a topic is read: it is as old as they are.
// - HTTP on 127.0.0.1 and open to all that come from there.
// - The handler `alert` notifies nobody but the endpoint given.
void use(const Addresses& addresses, config::Config& config);

// For a debugger, which stands still wherever it likes: what would take a handler for one that
// hangs, or the host for one that has died, waits for half an hour or longer.
void give_all_time(config::Config& config);

struct TopicShape {
  int partitions = 3;
  int replicas = 3;
};
// What has to be there before a host runs: declared, or named by a route. Before use().
std::map<std::string, TopicShape> topics_used(const config::Config& config);

}  // namespace gantry::embedded
