// A route whose messages publish, one after the other.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "unit/route/engine.hpp"

namespace gantry::route {

class Publishing : public testing::Test {
 protected:
  Publishing() { engine_.assign(); }

  // The next message is handled and publishes a record of this key, and of its offset as value.
  void handle(std::optional<std::string> key, gantry_verdict verdict = GANTRY_OK) {
    engine_.offer({key});
    handle_next(key, verdict);
  }
  void handle_next(std::optional<std::string> key, gantry_verdict verdict = GANTRY_OK) {
    Claim* claim = engine_.take(1);
    ASSERT_NE(claim, nullptr);
    ASSERT_EQ(engine_.publish(claim, 0, key, std::to_string(offsets(*claim)[0])), GANTRY_DONE);
    engine_.settle(claim, verdict);
  }
  bool holds() { return !engine_.dispatcher.status().publish_error.empty(); }

  Engine engine_;
};

}  // namespace gantry::route
