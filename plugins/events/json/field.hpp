// The fields of an OrderCreatedEvent and what each may hold: one table of limits, and the words for
// a value that breaks one. Reasons carry numbers, never texts: a text may be somebody's name. Pure
// functions, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orders {

enum class Field : std::uint8_t {
  event_id,
  type,
  order_id,
  user_id,
  amount,
  currency,
  status,
  items,
  occurred_at,
  sku,  // the fields of an item, from here
  qty,
  price,
  unknown
};

constexpr std::uint32_t bit(Field field) { return 1u << static_cast<unsigned>(field); }

Field event_field(std::string_view name);  // unknown: ignored
Field item_field(std::string_view name);
std::string_view name_of(Field field);

// Whether the value keeps the field's limits; otherwise `reason` gets "must be …, got …", without
// the field's name.
bool check_integer(Field field, std::int64_t value, std::string_view as_written,
                   std::string& reason);
bool check_text(Field field, std::string_view value, std::string& reason);

// The reason for a value of another kind: got is "12.5", "a boolean", "an object" …
std::string must_be(Field field, std::string_view got);

}  // namespace orders
