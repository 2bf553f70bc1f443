// Pieces of JSON that handlers write: texts, instants, and the body of an answer that says no (RFC
// 9457, application/problem+json). Pure functions, any thread.
#pragma once

#include <cstdint>
#include <orders/order_created_event.hpp>
#include <string>
#include <string_view>

namespace payload {

inline constexpr std::string_view problem_type = "application/problem+json";

// Appends "text" with its quotes, escaped where JSON needs it.
void append_text(std::string& out, std::string_view text);
void append_number(std::string& out, std::int64_t number);
// Appends "2026-11-23T00:00:00.25Z" with its quotes.
void append_instant(std::string& out, orders::Instant instant);

// `kind` is for machines and the last part of `type`; `field` may be empty.
std::string problem(int status, std::string_view kind, std::string_view title,
                    std::string_view detail, std::string_view field = {});

}  // namespace payload
