// A failure of the outside world as the host's verdict. For handlers, any thread.
#pragma once

#include <gantry/verdict.hpp>
#include <outcome/failure.hpp>

namespace outcome {

inline gantry::Verdict verdict(const Failure& failure) {
  switch (failure.remedy) {
    case Remedy::reject:
      return gantry::reject(failure.reason, failure.error_class);
    case Remedy::unavailable:
      return gantry::unavailable(failure.reason, failure.retry_after, failure.error_class);
    case Remedy::retry:
      break;
  }
  return gantry::retry(failure.reason, failure.retry_after, failure.error_class);
}

}  // namespace outcome
