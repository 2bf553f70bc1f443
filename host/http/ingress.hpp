// Where HTTP requests come in: one server for all routes that have an http source. Owned by the
// service; one thread of its own serves all connections, asynchronously, so that slow and idle
// clients delay nobody. Its life, with that of the routes between:
//
//   Ingress · serve · start · (RequestSource::open …) · serve, when routes come and go · drain ·
//   (RequestSource::close, the routes end) · ~Ingress
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "http/ingress/request_source.hpp"

namespace gantry::http {

class Ingress {
 public:
  // Binds, and serves nobody yet. Throws std::runtime_error with what, where and remedy when it
  // can't listen there. `config` is copied.
  explicit Ingress(const config::Http& config);
  ~Ingress();  // sends what is left to be sent for a moment, closes all connections
  Ingress(const Ingress&) = delete;
  Ingress& operator=(const Ingress&) = delete;

  // Requests go to these routes from here on, and to no other ones. Those that are under way stay
  // where they are.
  void serve(const std::vector<std::shared_ptr<RequestSource>>& routes);
  void start();

  // Takes no new connections, answers what is under way, and ends each connection with its answer.
  // Returns when all have ended, at most after `deadline`.
  void drain(config::Milliseconds deadline);

  // Where it listens, with the port that was chosen for port 0: "127.0.0.1", 8080.
  const std::string& address() const;
  std::uint16_t port() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace gantry::http
