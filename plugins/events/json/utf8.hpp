// Where a text stops being UTF-8, for error messages. Pure function, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace orders {

// The byte at which the first sequence that is not UTF-8 (RFC 3629) begins; nullopt: all is well.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

}  // namespace orders
