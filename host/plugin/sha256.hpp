// The SHA-256 of some bytes as 64 lower-case hexadecimal digits. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace gantry::plugin {

std::string sha256_hex(std::string_view bytes);

}  // namespace gantry::plugin
