// Bytes of a record as a person reads them. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "route/message/publisher.hpp"

namespace gantry::dlq {

// "0a1b"
std::string to_hex(std::string_view bytes);

// A key: as text where it is text, as a number where it is one of Java's Long- or
// IntegerSerializer, else "0x0a1b". "-": none.
std::string key_text(const std::optional<std::string>& key);

// A header's value: the numbers that Spring Kafka writes in binary as numbers, text as text on one
// line, all else "0x0a1b". "null": Kafka's null.
std::string header_text(const route::OutHeader& header);

// Sixteen bytes a line, with their place before them and their characters behind.
std::string hex_dump(std::string_view bytes);

}  // namespace gantry::dlq
