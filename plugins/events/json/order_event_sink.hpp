// What Boost.JSON's streaming parser calls while it goes through one payload: fills the event and
// remembers the first field that breaks a limit. Allocates nothing a field once the event's texts
// have their capacity. One thread; the reader owns it. Internal to this folder, since it needs
// Boost.JSON.
#pragma once

#include <boost/json/basic_parser.hpp>
#include <boost/json/error.hpp>
#include <cstddef>
#include <cstdint>
#include <orders/order_created_event.hpp>
#include <string>
#include <string_view>

#include "field.hpp"

namespace orders {

class OrderEventSink {
 public:
  using Text = boost::json::string_view;
  using Error = boost::json::error_code;
  static constexpr std::size_t max_object_size = SIZE_MAX;  // the payload's own limit bounds all
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;

  void start(OrderCreatedEvent& into);

  bool has(Field field) const { return (filled_ & bit(field)) != 0; }
  std::string_view type() const { return type_; }  // where has(Field::type)
  std::string problem()
      const;  // the first one: "amount: must be …"; empty: none. After the whole payload.

  // Called by boost::json::basic_parser. All return true: a wrong field does not end the reading,
  // since `type` may come later and say that the event is none of ours.
  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&);
  bool on_object_end(std::size_t, Error&);
  bool on_array_begin(Error&);
  bool on_array_end(std::size_t, Error&);
  bool on_key_part(Text text, std::size_t, Error&);
  bool on_key(Text text, std::size_t, Error&);
  bool on_string_part(Text text, std::size_t, Error&);
  bool on_string(Text text, std::size_t, Error&);
  bool on_number_part(Text, Error&) { return true; }
  bool on_int64(std::int64_t value, Text text, Error&);
  bool on_uint64(std::uint64_t value, Text text, Error&);
  bool on_double(double, Text text, Error&);
  bool on_bool(bool value, Error&);
  bool on_null(Error&);
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }

 private:
  bool at_event_field() const { return depth_ == 1; }
  bool at_item_field() const { return depth_ == 3 && in_item_; }
  bool at_field() const {
    return (at_event_field() || at_item_field()) && field_ != Field::unknown;
  }
  bool at_item() const { return depth_ == 2 && in_items_; }
  void begin_value(std::string_view kind);  // of a value that no field and no item can be
  void take_integer(std::int64_t value, std::string_view as_written);
  void take_text(std::string_view text);
  void note(Field field, std::string_view reason);
  void note_item(std::string_view reason);
  void end_item();

  OrderCreatedEvent* event_ = nullptr;
  std::string key_;  // a key or text that came in parts
  std::string text_;
  std::string type_;
  std::string problem_;
  std::string reason_;
  Field field_ = Field::unknown;  // that the next value belongs to
  std::uint32_t seen_ = 0;        // fields of the event whose name was there
  std::uint32_t filled_ = 0;      // fields whose value was neither null nor wrong
  std::uint32_t item_seen_ = 0;
  std::uint32_t item_filled_ = 0;
  std::size_t depth_ = 0;  // open containers: 1 in the event, 2 in items, 3 in an item
  std::size_t item_ = 0;   // index in items
  bool in_items_ = false;
  bool in_item_ = false;
};

}  // namespace orders
