// What a plugin wrote into a gantry_outcome, made safe to use. The thread that holds it; no locks.
#pragma once

#include <gantry/abi.h>

#include <string>

namespace gantry::plugin {

constexpr bool is_final(gantry_verdict verdict) {
  return verdict >= GANTRY_OK && verdict <= GANTRY_UNAVAILABLE;
}

// Keeps the texts of one outcome, valid UTF-8 and cut.
class OutcomeText {
 public:
  // A copy of `outcome` whose texts are this object's, until the next call. Free of allocations
  // where there are none.
  gantry_outcome cleaned(const gantry_outcome& outcome);
  gantry_outcome retry(const std::string& reason, const char* error_class);

 private:
  std::string reason_;
  std::string error_class_;
};

}  // namespace gantry::plugin
