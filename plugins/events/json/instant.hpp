// RFC 3339 instants ("2026-11-23T09:00:00.000+09:00") to and from values. Pure functions, any
// thread.
#pragma once

#include <optional>
#include <orders/order_created_event.hpp>
#include <string>
#include <string_view>

namespace orders {

// nullopt: not RFC 3339 with an offset, no such day, or not in the years 1 to 9999 UTC. A leap
// second is the second after.
std::optional<Instant> parse_instant(std::string_view text);

// Appends "2026-11-23 00:00:00+00", with a fraction where there is one, which PostgreSQL reads as
// timestamptz in every DateStyle.
void append_instant(Instant instant, std::string& out);

}  // namespace orders
