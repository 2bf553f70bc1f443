// The settings a handler takes and the outputs it publishes to, declared as constants, so that the
// host can check a route without running any code of the plugin:
//
//   static constexpr auto options = gantry::options(
//       gantry::integer("max_bytes", "reject above this").between(1, 1 << 20).fallback(65536),
//       gantry::database("database", "where orders are saved"));
//   static constexpr auto outputs =
//       gantry::outputs(gantry::output("order_created", "one event an order"));
//
// An option without a fallback is required. What is wrong in a declaration (a bad name, a fallback
// out of range) does not compile; the error names the text of a `throw` here or in
// detail/option.hpp.
#pragma once

#include <gantry/abi.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <gantry/detail/option.hpp>

namespace gantry {
constexpr detail::BooleanOption boolean(const char* name, const char* help) {
  return {detail::declare(name, help, GANTRY_BOOL)};
}
constexpr detail::IntegerOption integer(const char* name, const char* help) {
  return {detail::declare(name, help, GANTRY_INTEGER)};
}
constexpr detail::NumberOption number(const char* name, const char* help) {
  return {detail::declare(name, help, GANTRY_NUMBER)};
}
constexpr detail::TextOption text(const char* name, const char* help) {
  return {detail::declare(name, help, GANTRY_TEXT)};
}
constexpr detail::TextListOption text_list(const char* name, const char* help) {
  return {detail::declare(name, help, GANTRY_TEXT_LIST)};
}
constexpr detail::DurationOption duration(const char* name, const char* help) {
  return {detail::declare(name, help, GANTRY_DURATION_MS)};
}
constexpr detail::TextOption url(const char* name, const char* help) {
  return {detail::declare(name, help, GANTRY_URL)};
}
// Names a [database.NAME] of the host's configuration; Context::database gives its connection
// string, which is secret.
constexpr detail::TextOption database(const char* name, const char* help) {
  return {detail::declare(name, help, GANTRY_DATABASE)};
}
constexpr detail::Output output(const char* name, const char* help) {
  if (!detail::is_name(name, '_')) throw "an output's name is lower case letters, digits and _";
  return {name, help, "bytes", true};
}

template <class... Each>
constexpr std::array<detail::Option, sizeof...(Each)> options(const Each&... each) {
  const std::array<detail::Option, sizeof...(Each)> all{
      static_cast<const detail::Option&>(each)...};
  detail::refuse_repeated_names(all);
  for (const detail::Option& option : all) {
    if (!option.fallback_is_allowed()) throw "the fallback is not among the allowed values";
  }
  return all;
}

template <class... Each>
constexpr std::array<detail::Output, sizeof...(Each)> outputs(const Each&... each) {
  const std::array<detail::Output, sizeof...(Each)> all{each...};
  detail::refuse_repeated_names(all);
  return all;
}

// One numbered SQL file, as gantry_add_plugin(… MIGRATIONS <dir>) embeds them.
struct Migration {
  std::uint32_t number = 0;
  const char* name = nullptr;
  const char* sql = nullptr;
  const char* database = nullptr;  // the database option it is for; null: the handler's only one
};

}  // namespace gantry
