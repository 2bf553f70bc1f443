#include <gantry/plugin.hpp>

// The example of the documentation, to the letter: it must go on to compile.
// clang-format off
class Audit {
 public:
  static constexpr auto options = gantry::options(
      gantry::integer("max_bytes", "reject above this").between(1, 1 << 20).fallback(65536));
  explicit Audit(const gantry::Context& context) : max_bytes_{context.integer("max_bytes")} {}
  gantry::Verdict handle(const gantry::Message& message) {      // may throw: becomes retry
    if (message.value().size() > max_bytes_) return gantry::reject("too large");
    return gantry::ok();
  }
 private:
  std::int64_t max_bytes_;
};
GANTRY_PLUGIN("acme-audit", "1.0.0", gantry::handler<Audit>("audit"));
