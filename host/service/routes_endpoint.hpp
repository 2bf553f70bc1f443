// GET /routes: what each route does, how far it is behind, how fast it works and what went wrong
// last, as JSON. The admin server's thread.
#pragma once

#include <string>

#include "http/message.hpp"
#include "observe/health.hpp"
#include "service/route_board.hpp"
#include "service/route_watch.hpp"

namespace gantry::service {

// All of them outlive what is returned. `host`: this host's name.
http::Handler routes_endpoint(const std::string& host, const observe::Health& health,
                              const RouteBoard& board, const RouteWatch& watch);

}  // namespace gantry::service
