#include "order_event_reader.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <utility>

#include "order_event_sink.hpp"
#include "utf8.hpp"

namespace orders {

struct OrderEventReader::Parser {
  static boost::json::parse_options options() {
    boost::json::parse_options strict;
    strict.max_depth = max_depth;
    return strict;
  }
  boost::json::basic_parser<OrderEventSink> json{options()};
};

namespace {

namespace json = boost::json;

// Java's type ids are class names: the last segment is the type
// ("com.acme.Events$OrderCreatedEvent").
bool names_this_type(std::string_view type_id) {
  const auto last = type_id.find_last_of(".$");
  if (last != std::string_view::npos) type_id.remove_prefix(last + 1);
  return type_id == OrderCreatedEvent::type;
}

// An escaped first half of a surrogate pair with no escape behind it is but a syntax error to
// Boost.
bool ends_in_leading_surrogate(std::string_view text) {
  if (text.size() < 6) return false;
  const std::string_view escape = text.substr(text.size() - 6);
  return (escape.starts_with("\\ud") || escape.starts_with("\\uD")) &&
         std::string_view("89abAB").find(escape[3]) != std::string_view::npos;
}

std::string syntax_reason(std::string_view text, json::error_code error, std::size_t at) {
  const std::string where = " at byte " + std::to_string(at);
  if (text.starts_with("\xEF\xBB\xBF"))
    return "value: starts with a byte order mark; send JSON without one";
  if (const auto bad = first_invalid_utf8(text)) {
    return "value: is not valid UTF-8 at byte " + std::to_string(*bad);
  }
  if (error == json::error::extra_data) return "value: something follows the JSON object" + where;
  if (error == json::error::incomplete) return "value: the JSON ends too early" + where;
  if (error == json::error::too_deep) {
    return "value: is nested deeper than " + std::to_string(OrderEventReader::max_depth) +
           " levels" + where;
  }
  if (error == json::error::illegal_leading_surrogate ||
      error == json::error::illegal_trailing_surrogate ||
      error == json::error::expected_utf16_escape ||
      ends_in_leading_surrogate(text.substr(0, at))) {
    return "value: a lone UTF-16 surrogate is no character" + where;
  }
  return "value: is not valid JSON" + where;
}

}  // namespace

OrderEventReader::OrderEventReader() : parser_{std::make_unique<Parser>()} {}
OrderEventReader::~OrderEventReader() = default;

// What can't be read has no `type`: the header alone says whether it is any of this reader's
// business.
Reading OrderEventReader::refuse(const EventRecord& record, std::string reason) {
  if (record.type_id && !names_this_type(*record.type_id)) return Reading::other_type;
  reason_ = std::move(reason);
  return Reading::malformed;
}

Reading OrderEventReader::read(const EventRecord& record, OrderCreatedEvent& into) {
  reason_.clear();
  if (!record.value) return refuse(record, "value: is null (a tombstone), not an event");
  const std::string_view text = *record.value;
  if (text.empty()) return refuse(record, "value: is empty");
  if (text.size() > max_bytes) {
    return refuse(record, "value: must be at most " + std::to_string(max_bytes) + " bytes, got " +
                              std::to_string(text.size()));
  }
  auto& parser = parser_->json;
  parser.reset();
  parser.handler().start(into);
  json::error_code error;
  const std::size_t taken = parser.write_some(false, text.data(), text.size(), error);
  if (!error && taken < text.size()) error = json::error::extra_data;
  if (error) return refuse(record, syntax_reason(text, error, taken));

  const OrderEventSink& sink = parser.handler();
  if (sink.has(Field::type)) {
    if (sink.type() != OrderCreatedEvent::type) return Reading::other_type;
  } else if (record.type_id && !names_this_type(*record.type_id)) {
    return Reading::other_type;
  }
  std::string problem = sink.problem();
  if (problem.empty() && !sink.has(Field::type) && !record.type_id) {
    problem = "type: is missing, and so is the header __TypeId__";
  }
  if (!problem.empty()) {
    reason_ = std::move(problem);
    return Reading::malformed;
  }
  if (into.event_id.empty()) {
    into.event_id.append(record.topic);
    into.event_id += '-' + std::to_string(record.partition) + '-' + std::to_string(record.offset);
  }
  return Reading::event;
}

}  // namespace orders
