// Verdict: what became of a message, as a handler says it. A plain value of whoever holds it; any
// thread.
//
//   ok           done, also when the business answer is "no": the offset may move on
//   retry        this message failed: again after the route's back-off; an attempt is counted
//   reject       this message is malformed and will never work: dead letter (HTTP: 422)
//   unavailable  a dependency is down: the route waits and probes, nothing is counted, nothing is
//   dead-lettered pending      settled later through its Slot; only for handlers with `static
//   constexpr bool may_pend = true`
//
// `reason` is for people (log, dead letter; the host cuts it at 1,000 bytes) and holds no personal
// data; `error_class` is for machines (metric label, the dead letter's exception class): few
// distinct values.
#pragma once

#include <gantry/abi.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace gantry {

class [[nodiscard]] Verdict {
 public:
  enum class Kind : gantry_verdict {
    ok = GANTRY_OK,
    retry = GANTRY_RETRY,
    reject = GANTRY_REJECT,
    unavailable = GANTRY_UNAVAILABLE,
    pending = GANTRY_PENDING
  };

  Verdict() = default;  // ok
  explicit Verdict(Kind kind, std::string reason = {}, std::chrono::milliseconds after = {},
                   std::string error_class = {})
      : kind_(kind),
        after_(after),
        reason_(std::move(reason)),
        error_class_(std::move(error_class)) {}

  Kind kind() const noexcept { return kind_; }
  bool is_ok() const noexcept { return kind_ == Kind::ok; }
  const std::string& reason() const noexcept { return reason_; }
  const std::string& error_class() const noexcept { return error_class_; }
  std::chrono::milliseconds retry_after() const noexcept { return after_; }  // 0: the route's own

  // Views this object's texts: valid while it lives unchanged.
  gantry_outcome outcome() const noexcept {
    const auto after = after_.count() < 0            ? 0
                       : after_.count() > UINT32_MAX ? UINT32_MAX
                                                     : after_.count();
    return {sizeof(gantry_outcome),
            static_cast<gantry_verdict>(kind_),
            static_cast<std::uint32_t>(after),
            {reason_.data(), reason_.size()},
            {error_class_.data(), error_class_.size()}};
  }

 private:
  Kind kind_ = Kind::ok;
  std::chrono::milliseconds after_{0};
  std::string reason_;
  std::string error_class_;
};

inline Verdict ok() { return Verdict(); }
inline Verdict retry(std::string reason, std::chrono::milliseconds after = {},
                     std::string error_class = {}) {
  return Verdict(Verdict::Kind::retry, std::move(reason), after, std::move(error_class));
}
inline Verdict reject(std::string reason, std::string error_class = {}) {
  return Verdict(Verdict::Kind::reject, std::move(reason), {}, std::move(error_class));
}
inline Verdict unavailable(std::string reason, std::chrono::milliseconds after = {},
                           std::string error_class = {}) {
  return Verdict(Verdict::Kind::unavailable, std::move(reason), after, std::move(error_class));
}
inline Verdict pending() { return Verdict(Verdict::Kind::pending); }

// A verdict from deep inside: thrown out of handle() it becomes the answer. Any other exception
// becomes retry.
class Failure : public std::exception {
 public:
  explicit Failure(Verdict verdict) : verdict_(std::move(verdict)) {}
  const Verdict& verdict() const noexcept { return verdict_; }
  const char* what() const noexcept override { return verdict_.reason().c_str(); }

 private:
  Verdict verdict_;
};

}  // namespace gantry
