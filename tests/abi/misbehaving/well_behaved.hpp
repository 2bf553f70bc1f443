// A plugin that keeps the contract, in the parts that the misbehaving ones take over: each of them
// changes one thing.
#pragma once

#include <gantry/abi.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace well_behaved {

// `self` is the route's services, so that a misbehaving handle() needs no state of its own.
inline int32_t create(void*, const gantry_host* host, const gantry_config*, void** self, char*,
                      size_t) {
  *self = const_cast<gantry_host*>(host);
  return 0;
}
inline void handle(void*, const gantry_message* const*, size_t, gantry_outcome*) {}
inline void destroy(void*) {}

inline const gantry_host* host_of(void* self) { return static_cast<const gantry_host*>(self); }
inline gantry_outcome outcome(gantry_verdict verdict) {
  return {sizeof(gantry_outcome), verdict, 0, {nullptr, 0}, {nullptr, 0}};
}
inline int32_t fail(char* err, size_t size, const char* text) {
  std::strncpy(err, text, size - 1);
  err[size - 1] = '\0';
  return 1;
}

constexpr gantry_handler_type handler() {
  gantry_handler_type type{};
  type.struct_size = sizeof type;
  type.id = "misbehaving";
  type.summary = "breaks the contract in one way";
  type.flags = GANTRY_SOURCE_TOPIC;
  type.max_batch = 1;
  type.create = &create;
  type.handle = &handle;
  type.destroy = &destroy;
  return type;
}
constexpr gantry_option option(const char* name) {
  return {sizeof(gantry_option), name, "an option", nullptr, nullptr, GANTRY_TEXT, 0};
}
constexpr gantry_output output(const char* name) {
  return {sizeof(gantry_output), name, "an output", "bytes", 0, 0};
}
constexpr gantry_migration migration(uint32_t number) {
  return {sizeof(gantry_migration), "create", "SELECT 1", nullptr, number, 0};
}

template <size_t N>
constexpr gantry_plugin plugin(const gantry_handler_type* const (&handlers)[N]) {
  return {sizeof(gantry_plugin), GANTRY_MAGIC, GANTRY_ABI_MAJOR, 0,        0,
          "misbehaving",         "1.0.0",      "test",           handlers, N};
}

}  // namespace well_behaved

// The entry symbol, with one handler: MISBEHAVING([](gantry_handler_type& type) { type.create =
// nullptr; });
#define MISBEHAVING(change)                                                    \
  static constexpr gantry_handler_type the_handler = [] {                      \
    gantry_handler_type made = well_behaved::handler();                        \
    (change)(made);                                                            \
    return made;                                                               \
  }();                                                                         \
  static constexpr const gantry_handler_type* the_handlers[] = {&the_handler}; \
  constinit const gantry_plugin gantry_plugin_v1 = well_behaved::plugin(the_handlers)

// The entry symbol itself changed: MISBEHAVING_ENTRY([](gantry_plugin& plugin) { plugin.magic = 7;
// });
#define MISBEHAVING_ENTRY(change)                                              \
  static constexpr gantry_handler_type the_handler = well_behaved::handler();  \
  static constexpr const gantry_handler_type* the_handlers[] = {&the_handler}; \
  constinit const gantry_plugin gantry_plugin_v1 = [] {                        \
    gantry_plugin made = well_behaved::plugin(the_handlers);                   \
    (change)(made);                                                            \
    return made;                                                               \
  }()
