// Statements with parameters, by the calls that this libpqxx has for them: until 7.9 exec_params
// and exec_prepared, which 7.10 warns of.
#pragma once

#include <pqxx/pqxx>
#include <string>
#include <utility>

namespace gantry::outbox {

#if PQXX_VERSION_MAJOR > 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 10)

template <typename... Values>
pqxx::result execute(pqxx::transaction_base& work, const std::string& sql, Values&&... values) {
  return work.exec(sql, pqxx::params{std::forward<Values>(values)...});
}

template <typename... Values>
pqxx::result execute_prepared(pqxx::transaction_base& work, const std::string& name,
                              Values&&... values) {
  return work.exec(pqxx::prepped{name}, pqxx::params{std::forward<Values>(values)...});
}

#else

template <typename... Values>
pqxx::result execute(pqxx::transaction_base& work, const std::string& sql, Values&&... values) {
  return work.exec_params(sql, std::forward<Values>(values)...);
}

template <typename... Values>
pqxx::result execute_prepared(pqxx::transaction_base& work, const std::string& name,
                              Values&&... values) {
  return work.exec_prepared(name, std::forward<Values>(values)...);
}

#endif

}  // namespace gantry::outbox
