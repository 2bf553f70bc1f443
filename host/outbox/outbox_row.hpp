// One row of gantry_outbox, as the relay reads it. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "route/message/publisher.hpp"

namespace gantry::outbox {

inline constexpr std::string_view kDeadLetterKind = "dead-letter";

struct OutboxRow {
  std::int64_t id = 0;
  std::string kind;  // "record" or "dead-letter"
  std::string route;
  std::int64_t created_ms = 0;  // since 1970 UTC
  route::OutRecord record;
  bool readable = true;  // false: `headers` is not what gantry/outbox.hpp describes

  std::size_t bytes() const {
    std::size_t size =
        (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
    for (const route::OutHeader& header : record.headers)
      size += header.name.size() + (header.value ? header.value->size() : 0);
    return size;
  }
};

}  // namespace gantry::outbox
