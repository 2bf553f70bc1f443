// GET /metrics: reads the numbers where they are counted and writes them as Prometheus reads them.
// The admin server's thread.
#pragma once

#include "http/message.hpp"
#include "observe/health.hpp"
#include "plugin/instruments.hpp"
#include "service/outbox_relays.hpp"
#include "service/route_board.hpp"
#include "service/route_watch.hpp"

namespace gantry::service {

// All of them outlive what is returned.
struct MetricSources {
  const observe::Health& health;
  const RouteBoard& board;
  const RouteWatch& watch;
  const OutboxRelays& relays;
  const plugin::Instruments& instruments;
};

http::Handler metrics_endpoint(const MetricSources& sources);

}  // namespace gantry::service
