// The guide's first plugin, as it was with ABI 1.0.
#include <gantry/plugin.hpp>

class Audit {
 public:
  static constexpr auto options = gantry::options(
      gantry::integer("max_bytes", "reject above this").between(1, 1 << 20).fallback(65536));

  explicit Audit(const gantry::Context& context)
      : max_bytes_(static_cast<std::size_t>(context.integer("max_bytes"))), host_(context.host()) {}

  gantry::Verdict handle(const gantry::Message& message) {  // may throw: becomes retry
    if (message.value().size() > max_bytes_) return gantry::reject("too large");
    host_.log(gantry::LogLevel::info, "audited", message.slot());
    return gantry::ok();
  }

 private:
  std::size_t max_bytes_;
  gantry::Host host_;
};

GANTRY_PLUGIN("acme-audit", "1.0.0", gantry::handler<Audit>("audit", "rejects what is too large"));
