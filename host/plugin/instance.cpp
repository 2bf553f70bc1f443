#include "plugin/instance.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "plugin/contained.hpp"

namespace gantry::plugin {

Instance::Instance(std::shared_ptr<OpenHandler> open)
    : open_(std::move(open)), self_(open_->create()) {}

Instance::~Instance() {
  contained(misbehaviour(), "destroy", [&] { open_->type().destroy(self_); });
}

void Instance::handle(std::span<const gantry_message* const> messages, gantry_outcome& rest) {
  rest = {sizeof(gantry_outcome), GANTRY_OK, 0, {nullptr, 0}, {nullptr, 0}};
  const auto threw = contained(misbehaviour(), "handle", [&] {
    open_->type().handle(self_, messages.data(), messages.size(), &rest);
  });
  if (threw) {
    rest = text_.retry("handler threw: " + *threw, "exception");
  } else {
    check(rest);
  }
}

// The plugin's answer as abi.h allows it; what it does not allow is a retry, so that nothing is
// lost.
void Instance::check(gantry_outcome& rest) {
  if (rest.struct_size != sizeof(gantry_outcome)) {
    misbehaviour().count("outcome_size", "handle() changed struct_size of its outcome");
    rest =
        text_.retry("the handler's answer can't be read: it changed struct_size", "misbehaviour");
  } else if (rest.verdict == GANTRY_PENDING && !open_->may_pend()) {
    misbehaviour().count("pending_undeclared",
                         "handle() answered PENDING without the flag GANTRY_MAY_PEND");
    rest = text_.retry("the handler answered pending, which it does not declare", "misbehaviour");
  } else if (rest.verdict != GANTRY_PENDING && !is_final(rest.verdict)) {
    const std::string verdict = std::to_string(rest.verdict);
    misbehaviour().count("unknown_verdict", "handle() answered with the verdict " + verdict);
    rest = text_.retry("the handler answered with the unknown verdict " + verdict, "misbehaviour");
  } else if (rest.verdict != GANTRY_OK) {
    rest = text_.cleaned(rest);
  }
}

void Instance::cancel(gantry_slot slot) {
  if (open_->type().cancel == nullptr) return;
  contained(misbehaviour(), "cancel", [&] { open_->type().cancel(self_, slot); });
}

void Instance::drain(std::chrono::milliseconds deadline) {
  if (open_->type().drain == nullptr) return;
  const auto most = std::int64_t{std::numeric_limits<std::uint32_t>::max()};
  const auto limit =
      static_cast<std::uint32_t>(std::clamp<std::int64_t>(deadline.count(), 0, most));
  contained(misbehaviour(), "drain", [&] { open_->type().drain(self_, limit); });
}

}  // namespace gantry::plugin
