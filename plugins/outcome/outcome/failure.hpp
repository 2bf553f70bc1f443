// Why something outside the domain did not work, as a value: what to do about it, and words for
// people and machines. Any thread; plain values.
#pragma once

#include <chrono>
#include <string>

namespace outcome {

enum class Remedy {
  retry,       // this work failed; the same again may succeed
  reject,      // it will never succeed
  unavailable  // a dependency is down or not set up; not the work's fault
};

struct Failure {
  Remedy remedy = Remedy::retry;
  std::string reason;                        // no personal data
  std::string error_class;                   // few distinct values: "sqlstate.23514", "http.429"
  std::chrono::milliseconds retry_after{0};  // what the other side asked for; 0: nothing
};

}  // namespace outcome
