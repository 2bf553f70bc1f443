// The configuration of a route's consumer, and the times that follow from it. Start-up code: it
// throws as ClientConf does.
#pragma once

#include "config/model.hpp"
#include "kafka/client_conf.hpp"
#include "kafka/consumer.hpp"
#include "route/message/time.hpp"

namespace gantry::kafka {

// Without callbacks.
ClientConf consumer_conf(const config::Config& config, const config::Route& route,
                         Prefetch prefetch);

// How long a process that stood still may go on before it asks: half of what a session has left
// when a heartbeat is as old as it may be.
route::Milliseconds lease_of(const ClientConf& conf);

// How long a rebalance waits for a commit. The group waits for a member for max.poll.interval.ms:
// what the drain leaves of that is for the commit before it, the one behind it and the way.
route::Milliseconds commit_within(const ClientConf& conf, route::Milliseconds drain);

}  // namespace gantry::kafka
