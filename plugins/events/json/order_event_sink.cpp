#include "order_event_sink.hpp"

#include "instant.hpp"

namespace orders {
namespace {

constexpr std::size_t most_items = 1000;

std::string_view view(OrderEventSink::Text text) { return {text.data(), text.size()}; }

// A number as the producer wrote it, in case it is a very long one.
std::string_view shortened(std::string_view number) { return number.substr(0, 40); }

std::string_view whole(std::string& parts, OrderEventSink::Text last) {
  if (parts.empty()) return view(last);
  parts.append(last.data(), last.size());
  return parts;
}

}  // namespace

void OrderEventSink::start(OrderCreatedEvent& into) {
  event_ = &into;
  event_->event_id.clear();
  key_.clear();
  text_.clear();
  type_.clear();
  problem_.clear();
  field_ = Field::unknown;
  seen_ = filled_ = item_seen_ = item_filled_ = 0;
  depth_ = item_ = 0;
  in_items_ = in_item_ = false;
}

std::string OrderEventSink::problem() const {
  if (!problem_.empty()) return problem_;
  for (Field field : {Field::order_id, Field::user_id, Field::amount, Field::currency,
                      Field::status, Field::occurred_at}) {
    if (!has(field)) return std::string(name_of(field)) + ": is missing";
  }
  return {};
}

void OrderEventSink::note(Field field, std::string_view reason) {
  if (!problem_.empty()) return;
  if (at_item_field()) problem_ = "items[" + std::to_string(item_) + "].";
  problem_ += name_of(field);
  problem_ += ": ";
  problem_ += reason;
}

void OrderEventSink::note_item(std::string_view reason) {
  if (problem_.empty()) {
    problem_ = "items[" + std::to_string(item_) + "]: " + std::string(reason);
  }
}

void OrderEventSink::begin_value(std::string_view kind) {
  if (depth_ == 0) {
    problem_ = "value: must be a JSON object, got " + std::string(kind);
  } else if (at_item()) {
    note_item("must be an object, got " + std::string(kind));
    ++item_;
  } else if (at_field()) {
    note(field_, must_be(field_, kind));
  }
}

bool OrderEventSink::on_object_begin(Error&) {
  if (at_item()) {
    in_item_ = true;
    item_seen_ = item_filled_ = 0;
    if (item_ >= most_items && problem_.empty()) {
      problem_ = "items: " + must_be(Field::items, "more");
    }
  } else if (depth_ > 0) {
    begin_value("an object");
  }
  ++depth_;
  return true;
}

void OrderEventSink::end_item() {
  for (Field field : {Field::sku, Field::qty, Field::price}) {
    if ((item_filled_ & bit(field)) == 0 && problem_.empty()) {
      note_item(std::string(name_of(field)) + " is missing");
    }
  }
  in_item_ = false;
  ++item_;
}

bool OrderEventSink::on_object_end(std::size_t, Error&) {
  --depth_;
  if (at_item() && in_item_) end_item();
  return true;
}

bool OrderEventSink::on_array_begin(Error&) {
  if (at_event_field() && field_ == Field::items) {
    in_items_ = true;
    item_ = 0;
  } else {
    begin_value("an array");
  }
  ++depth_;
  return true;
}

bool OrderEventSink::on_array_end(std::size_t, Error&) {
  --depth_;
  if (depth_ == 1) in_items_ = false;
  return true;
}

bool OrderEventSink::on_key_part(Text text, std::size_t, Error&) {
  key_.append(text.data(), text.size());
  return true;
}

bool OrderEventSink::on_key(Text last, std::size_t, Error&) {
  const std::string_view name = whole(key_, last);
  if (at_event_field() || at_item_field()) {
    field_ = at_event_field() ? event_field(name) : item_field(name);
    std::uint32_t& seen = at_event_field() ? seen_ : item_seen_;
    if (field_ != Field::unknown && (seen & bit(field_)) != 0) note(field_, "is there twice");
    seen |= bit(field_);
  }
  key_.clear();
  return true;
}

bool OrderEventSink::on_string_part(Text text, std::size_t, Error&) {
  if (at_field()) text_.append(text.data(), text.size());
  return true;
}

bool OrderEventSink::on_string(Text last, std::size_t, Error&) {
  if (at_field()) {
    take_text(whole(text_, last));
    text_.clear();
  } else {
    begin_value("text");
  }
  return true;
}

void OrderEventSink::take_text(std::string_view text) {
  if (!check_text(field_, text, reason_)) return note(field_, reason_);
  (at_event_field() ? filled_ : item_filled_) |= bit(field_);
  switch (field_) {
    case Field::event_id:
      event_->event_id = text;
      break;
    case Field::type:
      type_ = text;
      break;
    case Field::currency:
      event_->currency = text;
      break;
    case Field::status:
      event_->status = text;
      break;
    case Field::occurred_at:
      event_->occurred_at = parse_instant(text).value_or(Instant{});
      break;
    default:
      break;
  }
}

void OrderEventSink::take_integer(std::int64_t value, std::string_view as_written) {
  if (!at_field()) return begin_value(shortened(as_written));
  if (!check_integer(field_, value, shortened(as_written), reason_)) return note(field_, reason_);
  (at_event_field() ? filled_ : item_filled_) |= bit(field_);
  switch (field_) {
    case Field::order_id:
      event_->order_id = value;
      break;
    case Field::user_id:
      event_->user_id = value;
      break;
    case Field::amount:
      event_->amount = value;
      break;
    default:
      break;
  }
}

bool OrderEventSink::on_int64(std::int64_t value, Text text, Error&) {
  take_integer(value, view(text));
  return true;
}

// Only called above the range of int64, where no field reaches.
bool OrderEventSink::on_uint64(std::uint64_t, Text text, Error&) {
  begin_value(shortened(view(text)));
  return true;
}

bool OrderEventSink::on_double(double, Text text, Error&) {
  begin_value(shortened(view(text)));
  return true;
}

bool OrderEventSink::on_bool(bool value, Error&) {
  begin_value(value ? "true" : "false");
  return true;
}

// As if the field were not there: many producers write absent fields so.
bool OrderEventSink::on_null(Error&) {
  if (!at_field()) begin_value("null");
  return true;
}

}  // namespace orders
