// Reads an OrderCreatedEvent out of a Kafka record's value: JSON with the limits of
// schema/order_created_event.schema.json. One thread at a time; a handler instance owns one, whose
// buffers are reused from record to record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <orders/order_created_event.hpp>
#include <string>
#include <string_view>

namespace orders {

// Views of one record, as long as read() runs.
struct EventRecord {
  std::string_view topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::optional<std::string_view> value;    // nullopt: a tombstone
  std::optional<std::string_view> type_id;  // the header __TypeId__
};

enum class Reading {
  event,       // the event is filled in
  other_type,  // well, but not an OrderCreatedEvent
  malformed    // reason() names the field and what is wrong
};

class OrderEventReader {
 public:
  static constexpr std::size_t max_bytes = 1024 * 1024;  // larger values are refused unread
  static constexpr std::size_t max_depth = 32;

  OrderEventReader();
  ~OrderEventReader();
  OrderEventReader(const OrderEventReader&) = delete;
  OrderEventReader& operator=(const OrderEventReader&) = delete;

  // `into` is only meaningful after Reading::event.
  Reading read(const EventRecord& record, OrderCreatedEvent& into);
  const std::string& reason() const {
    return reason_;
  }  // of the last read(); no texts of the event

 private:
  struct Parser;
  Reading refuse(const EventRecord& record, std::string reason);

  std::unique_ptr<Parser> parser_;
  std::string reason_;
};

}  // namespace orders
