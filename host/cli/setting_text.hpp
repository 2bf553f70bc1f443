// A setting as it may be shown: TOML, or what it is instead of a secret. Pure.
#pragma once

#include <string>

#include "config/model.hpp"

namespace gantry::cli {

std::string setting_text(const config::Setting& setting);

}  // namespace gantry::cli
