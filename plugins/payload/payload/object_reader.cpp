#include "payload/object_reader.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include "payload/object_sink.hpp"
#include "utf8.hpp"

namespace payload {

namespace json = boost::json;

struct ObjectReader::Parser {
  static json::parse_options strict() {
    json::parse_options options;
    options.max_depth = max_depth;
    return options;
  }
  Parser(std::span<const Rule> rules, Unknown unknown, std::string_view whole)
      : json{strict(), rules, unknown, whole} {}
  json::basic_parser<ObjectSink> json;
};

namespace {

std::string syntax_reason(std::string_view text, json::error_code error, std::size_t at) {
  const std::string where = " at byte " + std::to_string(at);
  if (text.starts_with("\xEF\xBB\xBF")) {
    return "starts with a byte order mark; send JSON without one";
  }
  if (const auto bad = orders::first_invalid_utf8(text)) {
    return "is not valid UTF-8 at byte " + std::to_string(*bad);
  }
  if (error == json::error::extra_data) return "something follows the JSON object" + where;
  if (error == json::error::incomplete) return "the JSON ends too early" + where;
  if (error == json::error::too_deep) {
    return "is nested deeper than " + std::to_string(ObjectReader::max_depth) + " levels" + where;
  }
  return "is not valid JSON" + where;
}

}  // namespace

ObjectReader::ObjectReader(std::span<const Rule> rules, Unknown unknown, std::string_view whole)
    : whole_{whole}, parser_{std::make_unique<Parser>(rules, unknown, whole)} {}
ObjectReader::~ObjectReader() = default;

const Problem* ObjectReader::refuse(int status, std::string_view reason) {
  problem_ = {status, whole_, whole_ + ": " + std::string(reason)};
  return &problem_;
}

const Problem* ObjectReader::read(std::string_view text) {
  auto& parser = parser_->json;
  ObjectSink& sink = parser.handler();
  parser.reset();
  sink.start();
  if (text.empty()) return refuse(400, "is empty");
  if (text.size() > max_bytes) {
    return refuse(413, "must be at most " + std::to_string(max_bytes) + " bytes, got " +
                           std::to_string(text.size()));
  }
  json::error_code error;
  const std::size_t taken = parser.write_some(false, text.data(), text.size(), error);
  if (!error && taken < text.size()) error = json::error::extra_data;
  if (error) return refuse(400, syntax_reason(text, error, taken));
  sink.finish();
  return sink.has_problem() ? &sink.problem() : nullptr;
}

const Value& ObjectReader::value(std::size_t rule) const {
  return parser_->json.handler().value(rule);
}
std::size_t ObjectReader::item_count() const { return parser_->json.handler().item_count(); }
const Value& ObjectReader::item_value(std::size_t item, std::size_t rule) const {
  return parser_->json.handler().item_value(item, rule);
}

}  // namespace payload
