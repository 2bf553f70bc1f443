// What Boost.JSON's streaming parser calls while it goes through one object: keeps the fields that
// the rules name, and remembers the first one that breaks its rule. One thread; an ObjectReader
// owns it. Internal to this folder, since it needs Boost.JSON.
#pragma once

#include <boost/json/basic_parser.hpp>
#include <boost/json/error.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "payload/object_reader.hpp"
#include "payload/rule.hpp"

namespace payload {

class ObjectSink {
 public:
  using Text = boost::json::string_view;
  using Error = boost::json::error_code;
  static constexpr std::size_t max_object_size = SIZE_MAX;  // the payload's own limit bounds all
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;

  ObjectSink(std::span<const Rule> rules, Unknown unknown, std::string_view whole);

  void start();
  // After the whole payload: the first problem, or the first required field that is missing.
  void finish();
  bool has_problem() const { return !problem_.detail.empty(); }
  const Problem& problem() const { return problem_; }

  const Value& value(std::size_t rule) const { return values_[rule]; }
  std::size_t item_count() const { return item_; }
  const Value& item_value(std::size_t item, std::size_t rule) const {
    return item_values_[item * item_rules_.size() + rule];
  }

  // Called by boost::json::basic_parser. All return true: a wrong field does not end the reading,
  // since a later one may say that the object is none of ours.
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
  enum class Place { root, object, list, item };

  std::span<const Rule> rules_here() const { return place_ == Place::item ? item_rules_ : rules_; }
  Value& value_here();
  std::string path(std::string_view field) const;
  void note(std::string field, std::string_view reason);
  void note_missing();
  void wrong(std::string_view got);  // a value of a kind that does not belong here
  void take_text(std::string_view text);
  void begin_item();

  const std::span<const Rule> rules_;
  const Rule* list_ = nullptr;        // the one list among the rules
  std::span<const Rule> item_rules_;  // of its items
  const Unknown unknown_;
  const std::string whole_;
  std::vector<Value> values_;
  std::vector<Value> item_values_;  // item by item
  std::vector<bool> seen_, item_seen_;
  Problem problem_;
  std::string key_, text_;  // what came in parts
  const Rule* rule_ = nullptr;
  std::size_t rule_at_ = 0;
  std::size_t item_ = 0;
  std::size_t skipped_ = 0;  // open containers of a value that is not looked into
  Place place_ = Place::root;
};

}  // namespace payload
