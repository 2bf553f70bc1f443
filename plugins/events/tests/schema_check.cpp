#include "schema_check.hpp"

#include <algorithm>
#include <cmath>
#include <regex>
#include <stdexcept>
#include <string>

namespace orders::testing {
namespace {

namespace json = boost::json;

bool is_integer(const json::value& value) {
  if (value.is_int64() || value.is_uint64()) return true;
  return value.is_double() && std::nearbyint(value.get_double()) == value.get_double();
}

bool has_type(std::string_view type, const json::value& value) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return is_integer(value);
  if (type == "null") return value.is_null();
  throw std::invalid_argument("unknown type in the schema: " + std::string(type));
}

bool has_one_type(const json::value& types, const json::value& value) {
  if (types.is_string()) return has_type(types.get_string(), value);
  return std::any_of(types.as_array().begin(), types.as_array().end(),
                     [&](const json::value& type) { return has_type(type.as_string(), value); });
}

bool properties_fit(const json::object& properties, const json::value& value) {
  if (!value.is_object()) return true;
  for (const auto& [name, schema] : properties) {
    const json::value* field = value.get_object().if_contains(name);
    if (field != nullptr && !accepts(schema, *field)) return false;
  }
  return true;
}

bool has_all(const json::array& names, const json::value& value) {
  if (!value.is_object()) return true;
  return std::all_of(names.begin(), names.end(), [&](const json::value& name) {
    return value.get_object().contains(name.as_string());
  });
}

// Numbers of the schemas are integers; long double holds every int64 and uint64.
long double number(const json::value& value) {
  if (value.is_int64()) return static_cast<long double>(value.get_int64());
  if (value.is_uint64()) return static_cast<long double>(value.get_uint64());
  return value.as_double();
}

bool keeps(std::string_view keyword, const json::value& rule, const json::value& value) {
  if (keyword == "type") return has_one_type(rule, value);
  if (keyword == "enum") {
    return std::find(rule.as_array().begin(), rule.as_array().end(), value) !=
           rule.as_array().end();
  }
  if (keyword == "required") return has_all(rule.as_array(), value);
  if (keyword == "properties") return properties_fit(rule.as_object(), value);
  if (keyword == "minimum") return !value.is_number() || number(value) >= number(rule);
  if (keyword == "maximum") return !value.is_number() || number(value) <= number(rule);
  if (keyword == "minLength") {
    return !value.is_string() || value.get_string().size() >= rule.to_number<std::size_t>();
  }
  if (keyword == "maxLength") {
    return !value.is_string() || value.get_string().size() <= rule.to_number<std::size_t>();
  }
  if (keyword == "maxItems") {
    return !value.is_array() || value.get_array().size() <= rule.to_number<std::size_t>();
  }
  if (keyword == "pattern") {
    return !value.is_string() || std::regex_search(std::string(value.get_string()),
                                                   std::regex(std::string(rule.as_string())));
  }
  if (keyword == "items") {
    return !value.is_array() ||
           std::all_of(value.get_array().begin(), value.get_array().end(),
                       [&](const json::value& item) { return accepts(rule, item); });
  }
  throw std::invalid_argument("unknown keyword in the schema: " + std::string(keyword));
}

}  // namespace

bool accepts(const json::value& schema, const json::value& value) {
  for (const auto& [keyword, rule] : schema.as_object()) {
    const std::string_view name(keyword.data(), keyword.size());
    if (name == "$schema" || name == "$id" || name == "title" || name == "description") continue;
    if (!keeps(name, rule, value)) return false;
  }
  return true;
}

}  // namespace orders::testing
