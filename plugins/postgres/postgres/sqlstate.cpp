#include "sqlstate.hpp"

#include <array>

namespace postgres {
namespace {

using outcome::Remedy;

struct Row {
  std::string_view prefix;
  Remedy remedy;
};

// The first prefix that fits counts. A handler that expects a violation of its own unique key never
// asks here.
constexpr std::array table{
    Row{"08", Remedy::unavailable},     // connection exception
    Row{"53", Remedy::unavailable},     // insufficient resources: disk full, too many connections
    Row{"57P", Remedy::unavailable},    // shutdown, crash, starting up, database dropped
    Row{"28", Remedy::unavailable},     // password or role: for the operator, not the message
    Row{"3D", Remedy::unavailable},     // no such database
    Row{"25006", Remedy::unavailable},  // read only: a standby, or mid-failover
    Row{"42", Remedy::unavailable},     // table, column or right is missing: migrations not applied
    Row{"40001", Remedy::retry},        // serialization failure
    Row{"40P01", Remedy::retry},        // deadlock
    Row{"22", Remedy::reject},          // data exception: the value does not fit
    Row{"23", Remedy::reject},          // integrity constraint violation
};

}  // namespace

Remedy remedy_for(std::string_view sqlstate) {
  for (const Row& row : table) {
    if (sqlstate.starts_with(row.prefix)) return row.remedy;
  }
  return Remedy::retry;
}

}  // namespace postgres
