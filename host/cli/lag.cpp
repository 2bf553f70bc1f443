// gantry lag
#include "cli/lag.hpp"

#include <chrono>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "config/load.hpp"
#include "kafka/offsets.hpp"
#include "route/message/replayed.hpp"

namespace gantry::cli {
namespace {

constexpr std::chrono::milliseconds kAnswerWithin{10'000};

struct Options {
  std::filesystem::path config;
  std::string route;
  bool json = false;
};

std::optional<std::int64_t> at(const kafka::OffsetsOf& offsets, const kafka::TopicPartition& key) {
  const auto found = offsets.find(key);
  return found == offsets.end() ? std::nullopt : std::optional(found->second);
}

RouteLag lag_of(const config::Route& route, kafka::Offsets& offsets) {
  const std::string replays = route::replay_topic(route.name);  // there once something is replayed
  std::set<std::string> topics{route.topics.begin(), route.topics.end()};
  topics.insert(replays);
  const auto partitions = offsets.partitions(topics, kAnswerWithin);
  const auto committed = offsets.committed(route.group, partitions, kAnswerWithin);
  std::set<kafka::TopicPartition> fresh;
  for (const kafka::TopicPartition& one : partitions) {
    topics.erase(one.topic);
    if (!committed.contains(one)) fresh.insert(one);
  }
  const auto ends = offsets.ends(partitions, kAnswerWithin);
  const auto begins = offsets.begins(fresh, kAnswerWithin);
  topics.erase(replays);
  RouteLag lag{.route = route.name,
               .group = route.group,
               .partitions = {},
               .missing = {topics.begin(), topics.end()}};
  for (const kafka::TopicPartition& one : partitions)
    lag.partitions.push_back({.topic = one.topic,
                              .partition = one.partition,
                              .committed = at(committed, one),
                              .begin = at(begins, one),
                              .end = at(ends, one)});
  return lag;
}

int show_lag(const Options& options) {
  const config::Config config = config::load(options.config);
  kafka::Offsets offsets(config);
  std::vector<RouteLag> lags;
  bool known = options.route.empty();
  for (const config::Route& route : config.routes) {
    if (!options.route.empty() && route.name != options.route) continue;
    known = true;
    if (!route.http) lags.push_back(lag_of(route, offsets));
  }
  if (!known) throw std::runtime_error("there is no route \"" + options.route + "\"");
  if (options.json)
    std::cout << lag_json(lags) << '\n';
  else if (lags.empty())
    std::cout << "no route reads a topic\n";
  else
    print_lag(std::cout, lags);
  return kDone;
}

}  // namespace

void add_lag(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "lag", "How far each route's consumer group is behind, as the brokers know it");
  const auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  command->add_option("--route", options->route, "Only this route")->type_name("NAME");
  command->add_flag("--json", options->json, "For programs");
  command->footer(
      "Works also while no host runs. Where nothing is committed yet, the lag is all that the "
      "topic "
      "keeps.\nExample: gantry lag --route order-saver");
  command->callback([options, &action] { action = [options] { return show_lag(*options); }; });
}

}  // namespace gantry::cli
