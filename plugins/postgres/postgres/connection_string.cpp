#include "connection_string.hpp"

#include <libpq-fe.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace postgres {
namespace {

std::string quoted(std::string_view value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

}  // namespace

std::string with_limits(const std::string& connection_string, const std::string& application_name) {
  char* raw_error = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(connection_string.c_str(), &raw_error), PQconninfoFree);
  PQfreemem(raw_error);
  if (!options) {
    throw std::invalid_argument(
        "the database's connection string can't be read: write it as libpq does, \"host=… "
        "dbname=… user=…\" or \"postgresql://…\", and quote values with blanks");
  }
  // tcp_user_timeout: data that nobody acknowledges; keepalives: an idle connection to a machine
  // that is gone.
  std::map<std::string, std::string> values{{"application_name", application_name},
                                            {"connect_timeout", "5"},
                                            {"keepalives_idle", "10"},
                                            {"keepalives_interval", "5"},
                                            {"keepalives_count", "3"},
                                            {"tcp_user_timeout", "15000"}};
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) values[option->keyword] = option->val;
  }
  std::string out;
  for (const auto& [keyword, value] : values) {
    if (!out.empty()) out += ' ';
    out += keyword + '=' + quoted(value);
  }
  return out;
}

}  // namespace postgres
