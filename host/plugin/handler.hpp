// One route's handler behind the ABI: open() in the constructor, create() for each lane, close()
// after the last instance is gone. Owned by the route; [setup] thread, except misbehaviour().
// Exceptions of a plugin end here.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>

#include "config/model.hpp"
#include "plugin/host_services.hpp"
#include "plugin/plugins.hpp"
#include "route/message/handler.hpp"

namespace gantry::plugin {

// The handler refused the route's settings, or broke the contract when it was made. what() names
// route, handler, plugin and the handler's own text. It never gets better by trying again.
class SetupError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class OpenHandler;  // shared by the instances of a route

class BoundHandler {
 public:
  // `route.settings` are complete: validated, with every default and database filled in. `handler`
  // and `settler` outlive this object; an abandoned instance may outlive it and then reaches
  // neither. `wake_outbox`: of a route with gantry.outbox/1 among its extensions, from any
  // thread. `instruments`: with gantry.metrics/1. Throws SetupError.
  BoundHandler(const HandlerRef& handler, const config::Route& route, route::Settler& settler,
               Extensions extensions = {}, std::function<void()> wake_outbox = {},
               std::shared_ptr<Instruments> instruments = {});
  ~BoundHandler();
  BoundHandler(const BoundHandler&) = delete;
  BoundHandler& operator=(const BoundHandler&) = delete;

  // Throws SetupError. Destroy instances before this object, or abandon() them.
  std::unique_ptr<route::HandlerInstance> create();

  route::HandlerTraits traits() const;
  const Misbehaviour& misbehaviour() const;

 private:
  std::shared_ptr<OpenHandler> open_;
};

// For an instance whose handle() hangs: it is never destroyed, and what its route's instances share
// is never closed, since the plugin still runs in it. It is kept until the process ends.
void abandon(std::unique_ptr<route::HandlerInstance> instance);

}  // namespace gantry::plugin
