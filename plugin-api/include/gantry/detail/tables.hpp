// The ABI's constant data of one handler class: options, outputs and migrations, with pointers to
// them. All constant initialised, so that the host can read a library of which no code has run.
#pragma once

#include <array>
#include <cstddef>
#include <gantry/detail/render.hpp>
#include <gantry/detail/traits.hpp>
#include <utility>

namespace gantry::detail {

template <class T, std::size_t... I>
constexpr std::array<gantry_option, sizeof...(I)> option_structs(std::index_sequence<I...>) {
  return {gantry_option{
      sizeof(gantry_option), T::options[I].name, T::options[I].help,
      T::options[I].has_fallback ? fallback_text<T, I>.data() : nullptr,
      T::options[I].limits != Option::Limits::none ? allowed_text<T, I>.data() : nullptr,
      T::options[I].type, T::options[I].flags}...};
}

template <class T, std::size_t... I>
constexpr std::array<gantry_output, sizeof...(I)> output_structs(std::index_sequence<I...>) {
  return {gantry_output{sizeof(gantry_output), T::outputs[I].name, T::outputs[I].help,
                        T::outputs[I].key, T::outputs[I].is_required ? 1u : 0u, 0}...};
}

template <class T, std::size_t... I>
constexpr std::array<gantry_migration, sizeof...(I)> migration_structs(std::index_sequence<I...>) {
  return {gantry_migration{sizeof(gantry_migration), T::migrations[I].name, T::migrations[I].sql,
                           T::migrations[I].database, T::migrations[I].number, 0}...};
}

template <class Struct, std::size_t N>
constexpr std::array<const Struct*, N> pointers_to(const std::array<Struct, N>& structs) {
  std::array<const Struct*, N> pointers{};
  for (std::size_t i = 0; i < N; ++i) pointers[i] = &structs[i];
  return pointers;
}

template <class T>
inline constexpr auto options_of = option_structs<T>(std::make_index_sequence<option_count<T>()>());
template <class T>
inline constexpr auto option_pointers = pointers_to(options_of<T>);

template <class T>
inline constexpr auto outputs_of = output_structs<T>(std::make_index_sequence<output_count<T>()>());
template <class T>
inline constexpr auto output_pointers = pointers_to(outputs_of<T>);

template <class T>
inline constexpr auto migrations_of =
    migration_structs<T>(std::make_index_sequence<migration_count<T>()>());
template <class T>
inline constexpr auto migration_pointers = pointers_to(migrations_of<T>);

template <class T, std::size_t... I>
constexpr std::array<const char*, sizeof...(I)> extension_ids(std::index_sequence<I...>) {
  return {T::required_extensions[I]...};
}
template <class T>
inline constexpr auto required_extensions_of =
    extension_ids<T>(std::make_index_sequence<required_extension_count<T>()>());

}  // namespace gantry::detail
