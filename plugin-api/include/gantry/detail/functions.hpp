// The ABI's functions of one handler class: they turn C++ objects, exceptions and Verdicts into
// what abi.h says. Nothing leaves them by exception. Called by the host, on the threads that abi.h
// names.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <gantry/detail/traits.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace gantry::detail {

inline void write_error(char* err, std::size_t size, std::string_view text) noexcept {
  if (err == nullptr || size == 0) return;
  const std::size_t length = std::min(text.size(), size - 1);
  std::memcpy(err, text.data(), length);
  err[length] = '\0';
}

template <class Make>
std::int32_t guarded(char* err, std::size_t err_size, Make make) noexcept {
  try {
    make();
    return 0;
  } catch (const std::exception& error) {
    write_error(err, err_size, error.what());
  } catch (...) {
    write_error(err, err_size, "an exception that is not a std::exception");
  }
  return 1;
}

template <class T, class... Arguments>
std::unique_ptr<T> make(const Context& context, Arguments&... arguments) {
  if constexpr (std::constructible_from<T, const Context&, Arguments&...>) {
    return std::make_unique<T>(context, arguments...);
  } else {
    return std::make_unique<T>();
  }
}

// What the ABI calls `self`: one lane's handler, with the last answer, whose texts must outlive the
// call.
template <class T>
struct Instance {
  const gantry_host* host;
  std::unique_ptr<T> handler;
  Verdict rest;

  void call(const gantry_message* const* messages, std::size_t count) {
    if constexpr (HandlesBatch<T>) {
      Batch batch(host, {messages, count});
      rest = handler->handle_batch(batch);
    } else {
      rest = handler->handle(Message(host, *messages[0]));
    }
  }
};

// Run inside a catch block; out of memory it still answers retry.
template <class Self>
void answer_exception(Self& self, gantry_outcome& rest) noexcept {
  rest.verdict = GANTRY_RETRY;
  try {
    try {
      throw;
    } catch (const Failure& failure) {
      self.rest = failure.verdict();
    } catch (const std::exception& error) {
      self.rest = retry(error.what(), {}, "exception");
    } catch (...) {
      self.rest = retry("an exception that is not a std::exception", {}, "exception");
    }
    rest = self.rest.outcome();
  } catch (...) {
    rest.reason = {nullptr, 0};
    rest.error_class = {nullptr, 0};
  }
}

template <class Self, class Call>
void logged(const Self& self, Call call) noexcept {
  try {
    call();
  } catch (const std::exception& error) {
    Host(self.host).log(LogLevel::error, error.what());
  } catch (...) {
    Host(self.host).log(LogLevel::error, "an exception that is not a std::exception");
  }
}

template <class T>
struct Functions {
  using Self = Instance<T>;

  static std::int32_t open(const gantry_host* host, const gantry_config* config, void** shared,
                           char* err, std::size_t err_size) noexcept {
    return guarded(err, err_size, [&] {
      *shared = detail::make<typename T::Shared>(Context(host, config)).release();
    });
  }

  static std::int32_t create([[maybe_unused]] void* shared, const gantry_host* host,
                             const gantry_config* config, void** self, char* err,
                             std::size_t err_size) noexcept {
    return guarded(err, err_size, [&] {
      const Context context(host, config);
      auto instance = std::make_unique<Self>(Self{host, nullptr, {}});
      if constexpr (HasShared<T>) {
        auto& all = *static_cast<typename T::Shared*>(shared);
        instance->handler = std::make_unique<T>(context, all);
      } else {
        instance->handler = detail::make<T>(context);
      }
      *self = instance.release();
    });
  }

  static void handle(void* raw, const gantry_message* const* messages, std::size_t count,
                     gantry_outcome* rest) noexcept {
    auto& self = *static_cast<Self*>(raw);
    try {
      self.call(messages, count);
      *rest = self.rest.outcome();
    } catch (...) {
      answer_exception(self, *rest);
    }
  }

  static void cancel(void* raw, gantry_slot slot) noexcept {
    auto& self = *static_cast<Self*>(raw);
    logged(self, [&] { self.handler->cancel(Slot(self.host, slot)); });
  }

  static void drain(void* raw, std::uint32_t deadline_ms) noexcept {
    auto& self = *static_cast<Self*>(raw);
    logged(self, [&] { self.handler->drain(std::chrono::milliseconds(deadline_ms)); });
  }

  static void destroy(void* raw) noexcept { delete static_cast<Self*>(raw); }
  static void close(void* shared) noexcept { delete static_cast<typename T::Shared*>(shared); }
};

}  // namespace gantry::detail
