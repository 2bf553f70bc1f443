// One lane's instance of a handler, called through the ABI. handle() runs on the lane's thread
// alone and never throws, whatever the plugin does short of ending the process. Owned by the lane.
#pragma once

#include <memory>

#include "plugin/open_handler.hpp"
#include "plugin/outcome_check.hpp"
#include "route/message/handler.hpp"

namespace gantry::plugin {

class Instance : public route::HandlerInstance {
 public:
  explicit Instance(std::shared_ptr<OpenHandler> open);  // throws SetupError
  ~Instance() override;
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  void handle(std::span<const gantry_message* const> messages, gantry_outcome& rest) override;
  void cancel(gantry_slot slot) override;
  void drain(std::chrono::milliseconds deadline) override;

 private:
  void check(gantry_outcome& rest);
  Misbehaviour& misbehaviour() { return open_->services().misbehaviour(); }

  std::shared_ptr<OpenHandler> open_;
  void* self_;
  OutcomeText text_;  // of the last answer
};

}  // namespace gantry::plugin
