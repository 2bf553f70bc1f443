// gantry::handler<T>("id", "summary"): makes a handler type of the ABI from a class. What is found
// in T, all public:
//
//   Verdict handle(const Message&)
//       one message a call; or
//   Verdict handle_batch(Batch&)
//       up to max_batch; the Verdict counts for what it did not settle itself
//   T(const Context&), or T()
//       one lane's instance; throws to refuse the route's settings
//   struct Shared; T(const Context&, Shared&)
//       what all lanes of a route share, made first, from (const Context&) or ()
//   void cancel(Slot)
//       a pending message's time is over: settle it soon. Any thread; all instances of the route
//       are told: nothing is to be done for a slot that another one has
//   void drain(std::chrono::milliseconds)
//       no handle() runs or will: settle what is pending
//   static constexpr …
//       auto options = gantry::options(…)      the settings it takes
//       auto outputs = gantry::outputs(…)      the names it publishes to
//       auto& migrations = …                   an array of gantry::Migration
//       auto source = Source::topic            … | Source::http; topic when not said
//       int max_batch = 1000                   with handle_batch()
//       bool may_pend, orders_within_batch, uses_outbox; false when not said
//       bool reads_headers                     false: records may come without theirs
//       const char* required_extensions[]      a host without them refuses the library
//
// Constructors check settings and never connect, so that they fail only for good: connect in
// handle(), and answer unavailable() when that fails. An instance is never called twice at once
// (but cancel() may run beside handle()), so it may own a database connection and needs no locks.
#pragma once

#include <array>
#include <cstddef>
#include <gantry/detail/functions.hpp>
#include <gantry/detail/tables.hpp>

namespace gantry {

template <class T>
struct Handler {
  const char* id;
  const char* summary;
};

template <class T>
constexpr Handler<T> handler(const char* id, const char* summary = "") {
  if (!detail::is_name(id, '-')) throw "a handler's id is lower case letters, digits and -";
  return {id, summary};
}

namespace detail {

template <class T>
constexpr gantry_handler_type type_of(const Handler<T>& handler) {
  static_assert(check_handler<T>());
  gantry_handler_type type{};
  type.struct_size = sizeof(gantry_handler_type);
  type.id = handler.id;
  type.summary = handler.summary;
  type.flags = flags_of<T>();
  type.max_batch = max_batch_of<T>();
  type.options = option_pointers<T>.data();
  type.option_count = option_count<T>();
  type.outputs = output_pointers<T>.data();
  type.output_count = output_count<T>();
  type.migrations = migration_pointers<T>.data();
  type.migration_count = migration_count<T>();
  type.required_extensions = required_extensions_of<T>.data();
  type.required_extension_count = required_extension_count<T>();
  if constexpr (HasShared<T>) {
    static_assert(MadeFromSettings<typename T::Shared>,
                  "Shared is constructed from (const gantry::Context&), or nothing");
    type.open = &Functions<T>::open;
    type.close = &Functions<T>::close;
  }
  type.create = &Functions<T>::create;
  type.handle = &Functions<T>::handle;
  if constexpr (HasCancel<T>) type.cancel = &Functions<T>::cancel;
  if constexpr (HasDrain<T>) type.drain = &Functions<T>::drain;
  type.destroy = &Functions<T>::destroy;
  return type;
}

template <class... T>
constexpr std::array<gantry_handler_type, sizeof...(T)> types_of(const Handler<T>&... handlers) {
  static_assert(sizeof...(T) > 0, "a plugin has at least one handler");
  const std::array<gantry_handler_type, sizeof...(T)> types{type_of(handlers)...};
  for (std::size_t i = 0; i < types.size(); ++i) {
    for (std::size_t j = i + 1; j < types.size(); ++j) {
      if (std::string_view(types[i].id) == types[j].id) throw "two handlers with one id";
    }
  }
  return types;
}

}  // namespace detail
}  // namespace gantry
