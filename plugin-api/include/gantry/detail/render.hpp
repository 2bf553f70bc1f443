// Compile-time text: an option's fallback as a TOML value, its limits as "1..1000". Each text gets
// exactly the storage it needs, as constant data of the library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <gantry/options.hpp>
#include <string_view>

namespace gantry::detail {

struct Count {
  std::size_t size = 0;
  constexpr void put(char) { ++size; }
};
struct Store {
  char* to;
  constexpr void put(char c) { *to++ = c; }
};

template <class Sink>
constexpr void put_text(Sink& sink, std::string_view text) {
  for (const char c : text) sink.put(c);
}

template <class Sink>
constexpr void put_digits(Sink& sink, std::uint64_t value, std::size_t least_digits = 1) {
  std::array<char, 20> digits{};
  std::size_t count = 0;
  for (; value != 0 || count < least_digits; value /= 10) {
    digits[count++] = static_cast<char>('0' + value % 10);
  }
  while (count > 0) sink.put(digits[--count]);
}

template <class Sink>
constexpr void put_whole(Sink& sink, std::int64_t value) {
  if (value < 0) sink.put('-');
  put_digits(sink,
             value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
}

// The shortest decimal that reads back as the same double: below 2^53 a digit string over a power
// of ten is exact.
template <class Sink>
constexpr void put_real(Sink& sink, double value) {
  const double size = value < 0 ? -value : value;
  if (!(size < 9007199254740992.0)) throw "a number's fallback and limits are below 2^53";
  double scale = 1;
  for (std::size_t places = 0; places <= 15; ++places, scale *= 10) {
    const double scaled = size * scale;
    if (!(scaled < 9007199254740992.0)) break;
    const auto digits = static_cast<std::uint64_t>(scaled + 0.5);
    if (static_cast<double>(digits) / scale != size) continue;
    const auto unit = static_cast<std::uint64_t>(scale);
    if (value < 0) sink.put('-');
    put_digits(sink, digits / unit);
    sink.put('.');
    put_digits(sink, digits % unit, places == 0 ? 1 : places);
    return;
  }
  throw "a number's fallback and limits have at most 15 decimal places";
}

template <class Sink>
constexpr void put_quoted(Sink& sink, std::string_view text) {  // a TOML basic string
  constexpr std::string_view hex = "0123456789ABCDEF";
  sink.put('"');
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      sink.put('\\');
      sink.put(c);
    } else if (code < 0x20 || code == 0x7F) {
      put_text(sink, "\\u00");
      sink.put(hex[code >> 4]);
      sink.put(hex[code & 15]);
    } else {
      sink.put(c);
    }
  }
  sink.put('"');
}

template <class Sink>
constexpr void put_fallback(Sink& sink, const Option& option) {
  if (option.type == GANTRY_BOOL) {
    put_text(sink, option.whole != 0 ? "true" : "false");
  } else if (option.type == GANTRY_INTEGER || option.type == GANTRY_DURATION_MS) {
    put_whole(sink, option.whole);
  } else if (option.type == GANTRY_NUMBER) {
    put_real(sink, option.real);
  } else if (option.type == GANTRY_TEXT_LIST) {
    sink.put('[');
    for (std::size_t i = 0; i < option.text_count; ++i) {
      if (i > 0) put_text(sink, ", ");
      put_quoted(sink, option.texts[i]);
    }
    sink.put(']');
  } else {
    put_quoted(sink, option.texts[0]);
  }
}

template <class Sink>
constexpr void put_allowed(Sink& sink, const Option& option) {
  if (option.limits == Option::Limits::whole) {
    put_whole(sink, option.least);
    put_text(sink, "..");
    put_whole(sink, option.most);
  } else if (option.limits == Option::Limits::real) {
    put_real(sink, option.least_real);
    put_text(sink, "..");
    put_real(sink, option.most_real);
  } else if (option.limits == Option::Limits::texts) {
    put_text(sink, option.allowed);
  }
}

constexpr std::size_t fallback_size(const Option& option) {
  Count count;
  if (option.has_fallback) put_fallback(count, option);
  return count.size;
}
constexpr std::size_t allowed_size(const Option& option) {
  Count count;
  put_allowed(count, option);
  return count.size;
}

template <std::size_t Size>
constexpr std::array<char, Size + 1> fallback_chars(const Option& option) {
  std::array<char, Size + 1> chars{};
  Store store{chars.data()};
  if (option.has_fallback) put_fallback(store, option);
  return chars;
}
template <std::size_t Size>
constexpr std::array<char, Size + 1> allowed_chars(const Option& option) {
  std::array<char, Size + 1> chars{};
  Store store{chars.data()};
  put_allowed(store, option);
  return chars;
}

template <class T, std::size_t I>
inline constexpr auto fallback_text = fallback_chars<fallback_size(T::options[I])>(T::options[I]);
template <class T, std::size_t I>
inline constexpr auto allowed_text = allowed_chars<allowed_size(T::options[I])>(T::options[I]);

}  // namespace gantry::detail
