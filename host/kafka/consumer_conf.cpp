#include "kafka/consumer_conf.hpp"

#include <algorithm>
#include <cstdlib>

#include "kafka/fetch_wake.hpp"

namespace gantry::kafka {
namespace {

constexpr route::Milliseconds kCommitWithin{10'000};
constexpr route::Milliseconds kCommitAtLeast{100};

route::Milliseconds milliseconds(const ClientConf& conf, const char* property) {
  return route::Milliseconds{std::atoll(conf.value(property).c_str())};
}

}  // namespace

ClientConf consumer_conf(const config::Config& config, const config::Route& route,
                         Prefetch prefetch) {
  ClientConf conf;
  // The host's defaults first, then what the files say over them, then what the host owns.
  conf.set("client.id", config.name + "-" + route.name);
  conf.set("session.timeout.ms", "10000");
  conf.set("fetch.wait.max.ms", "100");
  conf.set("topic.metadata.refresh.interval.ms", "10000");  // to find a replay topic made later
  conf.set("queued.min.messages", "1000000");
  conf.set("queued.max.messages.kbytes", std::to_string(prefetch.queue_kbytes));
  conf.set("fetch.message.max.bytes", std::to_string(prefetch.fetch_bytes));
  FetchWake::prepare(conf);
  conf.set("group.instance.id", config.name + "-" + route.name);
  conf.set(config.kafka);
  conf.set(config.consumer);
  conf.set(route.consumer);
  conf.set("group.id", route.group);
  conf.set("enable.auto.commit", "false");
  conf.set("enable.auto.offset.store", "false");
  return conf;
}

route::Milliseconds lease_of(const ClientConf& conf) {
  return std::max(
      route::Milliseconds{1},
      (milliseconds(conf, "session.timeout.ms") - milliseconds(conf, "heartbeat.interval.ms")) / 2);
}

route::Milliseconds commit_within(const ClientConf& conf, route::Milliseconds drain) {
  return std::clamp((milliseconds(conf, "max.poll.interval.ms") - drain) / 3, kCommitAtLeast,
                    kCommitWithin);
}

}  // namespace gantry::kafka
