// Reads one JSON object by a table of rules: strict about syntax, kinds, ranges and repeated
// fields. One thread at a time; a handler instance owns one, whose buffers are reused from object
// to object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <payload/rule.hpp>
#include <span>
#include <string>
#include <string_view>

namespace payload {

enum class Unknown {
  refuse,  // a request: a misspelt field must not go unnoticed
  ignore   // an event: later versions may have more
};

// Why it was not taken, in terms of HTTP: 400 is not JSON, 413 too large, 422 well-formed but
// wrong.
struct Problem {
  int status = 422;
  std::string field;   // "items[2].qty"; the name of the whole where it is no field's
  std::string detail;  // "items[2].qty: must be …"; no texts of the payload
};

struct Value {
  bool present = false;  // and fits its rule
  std::int64_t integer = 0;
  std::string text;
};

class ObjectSink;

class ObjectReader {
 public:
  static constexpr std::size_t max_bytes = 1024 * 1024;
  static constexpr std::size_t max_depth = 32;

  // `whole`: what messages call the payload, "body" or "value". The rules outlive the reader.
  ObjectReader(std::span<const Rule> rules, Unknown unknown, std::string_view whole);
  ~ObjectReader();
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;

  // nullptr: the object keeps all rules. Otherwise valid until the next call.
  const Problem* read(std::string_view text);

  // Of the last object, by the rule's place in the table. After a 422 those that fit are there.
  const Value& value(std::size_t rule) const;
  std::size_t item_count() const;
  const Value& item_value(std::size_t item, std::size_t rule) const;

 private:
  struct Parser;
  const Problem* refuse(int status, std::string_view reason);

  const std::string whole_;
  std::unique_ptr<Parser> parser_;
  Problem problem_;
};

}  // namespace payload
