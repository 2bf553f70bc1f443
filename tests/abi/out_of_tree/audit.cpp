#include <acme_audit_migrations.hpp>
#include <gantry/plugin.hpp>

class Audit {
 public:
  static constexpr auto options =
      gantry::options(gantry::database("database", "where audits are kept"));
  static constexpr auto& migrations = gantry::migrations::acme_audit;
  gantry::Verdict handle(const gantry::Message&) { return gantry::ok(); }
};
GANTRY_PLUGIN("acme-audit", "1.0.0", gantry::handler<Audit>("audit", "keeps an audit"));
