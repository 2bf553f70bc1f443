// What a handler class says about itself, found at compile time. See handler.hpp for the list.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <gantry/context.hpp>
#include <gantry/options.hpp>
#include <iterator>
#include <string_view>
#include <type_traits>

namespace gantry {

// Where a handler's messages may come from: `static constexpr auto source = gantry::Source::topic |
// gantry::Source::http;`
enum class Source : std::uint32_t { topic = GANTRY_SOURCE_TOPIC, http = GANTRY_SOURCE_HTTP };
constexpr Source operator|(Source a, Source b) {
  return static_cast<Source>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}

namespace detail {

template <class T>
concept HandlesMessage = requires(T& t, const Message& m) {
  { t.handle(m) } -> std::same_as<Verdict>;
};
template <class T>
concept HandlesBatch = requires(T& t, Batch& b) {
  { t.handle_batch(b) } -> std::same_as<Verdict>;
};
template <class T>
concept HasShared = requires {
  typename T::Shared;
};
template <class T>
concept HasCancel = requires(T& t, Slot slot) {
  t.cancel(slot);
};
template <class T>
concept HasDrain = requires(T& t, std::chrono::milliseconds deadline) {
  t.drain(deadline);
};

template <class T>
concept MadeFromSettings =
    std::constructible_from<T, const Context&> || std::default_initializable<T>;

template <class T>
constexpr bool is_made_by_one_lane() {
  if constexpr (HasShared<T>) {
    return std::constructible_from<T, const Context&, typename T::Shared&>;
  } else {
    return MadeFromSettings<T>;
  }
}

// A member that misspells a trait would be ignored without a word; these are all there are.
template <class T>
constexpr std::uint32_t flags_of() {
  std::uint32_t flags = GANTRY_SOURCE_TOPIC;
  if constexpr (requires { T::source; }) flags = static_cast<std::uint32_t>(Source{T::source});
  if constexpr (requires { T::uses_outbox; }) {
    if (T::uses_outbox) flags |= GANTRY_USES_OUTBOX;
  }
  if constexpr (requires { T::may_pend; }) {
    if (T::may_pend) flags |= GANTRY_MAY_PEND;
  }
  if constexpr (requires { T::orders_within_batch; }) {
    if (T::orders_within_batch) flags |= GANTRY_ORDERS_WITHIN_BATCH;
  }
  if constexpr (requires { T::reads_headers; }) {
    if (!T::reads_headers) flags |= GANTRY_READS_NO_HEADERS;
  }
  return flags;
}

template <class T>
constexpr std::uint32_t max_batch_of() {
  if constexpr (requires { T::max_batch; }) {
    static_assert(HandlesBatch<T>, "max_batch is for handlers with handle_batch()");
    static_assert(T::max_batch >= 1 && T::max_batch <= 1'000'000, "max_batch is 1 to 1,000,000");
    return static_cast<std::uint32_t>(T::max_batch);
  } else {
    return HandlesBatch<T> ? 1000 : 1;
  }
}

template <class T>
constexpr std::size_t option_count() {
  if constexpr (requires { T::options; }) return std::size(T::options);
  return 0;
}
template <class T>
constexpr std::size_t output_count() {
  if constexpr (requires { T::outputs; }) return std::size(T::outputs);
  return 0;
}
template <class T>
constexpr std::size_t migration_count() {
  if constexpr (requires { T::migrations; }) return std::size(T::migrations);
  return 0;
}
template <class T>
constexpr std::size_t required_extension_count() {
  if constexpr (requires { T::required_extensions; }) return std::size(T::required_extensions);
  return 0;
}

template <class T>
constexpr std::size_t database_count() {
  std::size_t count = 0;
  if constexpr (option_count<T>() > 0) {
    for (const Option& option : T::options) count += option.type == GANTRY_DATABASE ? 1 : 0;
  }
  return count;
}

// Reads the first character and does not ask whether there is a text: a null can't be read at
// compile time either, and under sanitizers GCC does not take the comparison of an inline
// variable's address as a constant.
constexpr bool has_text(const char* text) { return text[0] != '\0'; }

template <class T>
constexpr bool migrations_are_sound() {
  if constexpr (migration_count<T>() > 0) {
    std::uint32_t before = 0;
    for (const Migration& step : T::migrations) {
      if (step.number <= before || !has_text(step.sql) || !has_text(step.name)) return false;
      if (step.database == nullptr && database_count<T>() != 1) return false;
      before = step.number;
    }
  }
  return true;
}

template <class T>
constexpr bool check_handler() {
  static_assert(HandlesMessage<T> || HandlesBatch<T>,
                "a handler has `gantry::Verdict handle(const gantry::Message&)` or "
                "`gantry::Verdict handle_batch(gantry::Batch&)`, public");
  static_assert(!(HandlesMessage<T> && HandlesBatch<T>), "handle() or handle_batch(), not both");
  static_assert(is_made_by_one_lane<T>(),
                "a handler is constructed from (const gantry::Context&), or nothing; with a nested "
                "Shared from "
                "(const gantry::Context&, Shared&)");
  static_assert(flags_of<T>() & (GANTRY_SOURCE_TOPIC | GANTRY_SOURCE_HTTP), "at least one source");
  static_assert(!(flags_of<T>() & GANTRY_ORDERS_WITHIN_BATCH) || HandlesBatch<T>,
                "orders_within_batch is for handlers with handle_batch()");
  static_assert(!(flags_of<T>() & GANTRY_USES_OUTBOX) || database_count<T>() > 0,
                "uses_outbox needs a gantry::database(…) among the options");
  static_assert(!HasCancel<T> || (flags_of<T>() & GANTRY_MAY_PEND),
                "cancel() is called for pending messages only: declare `static constexpr bool "
                "may_pend = true`");
  static_assert(migrations_are_sound<T>(),
                "migrations: numbers that rise from 1, a name, SQL, and the database option where "
                "there is not exactly "
                "one");
  return true;
}

}  // namespace detail
}  // namespace gantry
