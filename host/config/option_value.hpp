// Whether a value fits one option of a handler: its type, and the range or the choices it allows.
// Pure.
#pragma once

#include "config/validate.hpp"

namespace gantry::config {

// nullopt: it fits, and the value has the option's own type (an integer for a number becomes one).
std::optional<Refusal> fit(const OptionSpec& option, Setting& setting);

// What a value of it looks like in TOML, for remedies.
std::string example_of(const OptionSpec& option);

// "integer", "text list" …, for people.
const char* type_name(OptionType type);

}  // namespace gantry::config
