#include "plugin/handler.hpp"

#include <mutex>
#include <utility>
#include <vector>

#include "plugin/instance.hpp"
#include "plugin/open_handler.hpp"

namespace gantry::plugin {

BoundHandler::BoundHandler(const HandlerRef& handler, const config::Route& route,
                           route::Settler& settler, Extensions extensions,
                           std::function<void()> wake_outbox,
                           std::shared_ptr<Instruments> instruments)
    : open_(std::make_shared<OpenHandler>(handler, route, settler, std::move(extensions),
                                          std::move(wake_outbox), std::move(instruments))) {}

BoundHandler::~BoundHandler() { open_->services().detach(); }

std::unique_ptr<route::HandlerInstance> BoundHandler::create() {
  return std::make_unique<Instance>(open_);
}

route::HandlerTraits BoundHandler::traits() const {
  const gantry_handler_type& type = open_->type();
  return {type.max_batch, (type.flags & GANTRY_MAY_PEND) != 0,
          (type.flags & GANTRY_ORDERS_WITHIN_BATCH) != 0,
          (type.flags & GANTRY_READS_NO_HEADERS) == 0};
}

const Misbehaviour& BoundHandler::misbehaviour() const { return open_->services().misbehaviour(); }

void abandon(std::unique_ptr<route::HandlerInstance> instance) {
  // Never destroyed, also not at exit: threads of the plugin may still run.
  static auto& mutex = *new std::mutex;
  static auto& kept = *new std::vector<std::unique_ptr<route::HandlerInstance>>;
  const std::lock_guard lock(mutex);
  kept.push_back(std::move(instance));
}

}  // namespace gantry::plugin
