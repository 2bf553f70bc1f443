// The C++ SDK of Gantry plugins: header only, the standard library only, C++20. Include this one;
// the author's guide is plugin-api/README.md, the contract underneath is gantry/abi.h.
//
//   class Audit {
//    public:
//     static constexpr auto options = gantry::options(
//         gantry::integer("max_bytes", "reject above this").between(1, 1 << 20).fallback(65536));
//     explicit Audit(const gantry::Context& context) : max_bytes_{context.integer("max_bytes")} {}
//     gantry::Verdict handle(const gantry::Message& message);
//     …
//   };
//   GANTRY_PLUGIN("acme-audit", "1.0.0", gantry::handler<Audit>("audit"));
#pragma once

#include <gantry/abi.h>

#include <gantry/context.hpp>
#include <gantry/extensions.hpp>
#include <gantry/handler.hpp>
#include <gantry/message.hpp>
#include <gantry/options.hpp>
#include <gantry/verdict.hpp>

#if defined(__clang__)
#define GANTRY_BUILT_WITH __VERSION__ ", Gantry SDK 1.0"
#elif defined(__GNUC__)
#define GANTRY_BUILT_WITH "GCC " __VERSION__ ", Gantry SDK 1.0"
#else
#define GANTRY_BUILT_WITH "unknown compiler, Gantry SDK 1.0"
#endif

namespace gantry::detail {

template <std::size_t N>
constexpr gantry_plugin plugin_of(const char* name, const char* version, const char* built_with,
                                  const std::array<const gantry_handler_type*, N>& handlers) {
  if (!is_name(name, '-')) throw "a plugin's name is lower case letters, digits and -";
  return {sizeof(gantry_plugin),
          GANTRY_MAGIC,
          GANTRY_ABI_MAJOR,
          0,
          0,
          name,
          version,
          built_with,
          handlers.data(),
          N};
}

}  // namespace gantry::detail

// Once in a library, outside any namespace: makes the one symbol it exports. Constant data
// (constinit proves it): the host reads it before any code of the library runs.
#define GANTRY_PLUGIN(name, version, ...)                                                   \
  namespace {                                                                               \
  constexpr auto gantry_handler_types = ::gantry::detail::types_of(__VA_ARGS__);            \
  constexpr auto gantry_handler_list = ::gantry::detail::pointers_to(gantry_handler_types); \
  }                                                                                         \
  constinit const gantry_plugin gantry_plugin_v1 =                                          \
      ::gantry::detail::plugin_of(name, version, GANTRY_BUILT_WITH, gantry_handler_list)
