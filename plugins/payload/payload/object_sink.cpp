#include "payload/object_sink.hpp"

#include <algorithm>

namespace payload {
namespace {

std::string_view view(ObjectSink::Text text) { return {text.data(), text.size()}; }

// A number as the client wrote it, in case it is a very long one.
std::string_view shortened(ObjectSink::Text number) { return view(number).substr(0, 40); }

std::string_view whole_of(std::string& parts, ObjectSink::Text last) {
  if (parts.empty()) return view(last);
  parts.append(last.data(), last.size());
  return parts;
}

// A name that nobody declared, fit for a message.
std::string shown(std::string_view name) {
  const bool plain =
      !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
        return c > ' ' && c <= '~' && c != '"' && c != '\\';
      });
  return plain ? std::string(name) : "(another field)";
}

void reset(Value& value) {
  value.present = false;
  value.integer = 0;
  value.text.clear();
}

}  // namespace

ObjectSink::ObjectSink(std::span<const Rule> rules, Unknown unknown, std::string_view whole)
    : rules_{rules}, unknown_{unknown}, whole_{whole}, values_(rules.size()) {
  for (const Rule& rule : rules_) {
    if (rule.kind != Kind::list) continue;
    list_ = &rule;
    item_rules_ = rule.items;
  }
}

void ObjectSink::start() {
  for (Value& value : values_) reset(value);
  seen_.assign(rules_.size(), false);
  problem_ = {422, {}, {}};
  key_.clear();
  text_.clear();
  rule_ = nullptr;
  item_ = skipped_ = 0;
  place_ = Place::root;
}

void ObjectSink::finish() { note_missing(); }

void ObjectSink::note_missing() {
  const auto rules = rules_here();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Value& value =
        place_ == Place::item ? item_values_[item_ * item_rules_.size() + i] : values_[i];
    if (rules[i].required && !value.present) note(path(rules[i].name), "is missing");
  }
}

std::string ObjectSink::path(std::string_view field) const {
  if (place_ != Place::item) return std::string(field);
  return std::string(list_->name) + "[" + std::to_string(item_) + "]." + std::string(field);
}

void ObjectSink::note(std::string field, std::string_view reason) {
  if (has_problem()) return;
  problem_.detail = field + ": " + std::string(reason);
  problem_.field = std::move(field);
}

Value& ObjectSink::value_here() {
  return place_ == Place::item ? item_values_[item_ * item_rules_.size() + rule_at_]
                               : values_[rule_at_];
}

void ObjectSink::wrong(std::string_view got) {
  if (place_ == Place::root) {
    note(whole_, "must be a JSON object, got " + std::string(got));
  } else if (place_ == Place::list) {
    note(std::string(list_->name) + "[" + std::to_string(item_) + "]",
         "must be an object, got " + std::string(got));
    begin_item();
    ++item_;
  } else if (rule_ != nullptr) {
    note(path(rule_->name), must_be(*rule_, got));
  }
}

void ObjectSink::begin_item() {
  item_seen_.assign(item_rules_.size(), false);
  item_values_.resize(std::max(item_values_.size(), (item_ + 1) * item_rules_.size()));
  for (std::size_t i = 0; i < item_rules_.size(); ++i) {
    reset(item_values_[item_ * item_rules_.size() + i]);
  }
}

bool ObjectSink::on_object_begin(Error&) {
  if (skipped_ > 0) {
    ++skipped_;
  } else if (place_ == Place::root) {
    place_ = Place::object;
  } else if (place_ == Place::list) {
    begin_item();
    place_ = Place::item;
  } else {
    wrong("an object");
    skipped_ = 1;
  }
  return true;
}

bool ObjectSink::on_object_end(std::size_t, Error&) {
  if (skipped_ > 0) {
    --skipped_;
  } else if (place_ == Place::item) {
    note_missing();
    ++item_;
    place_ = Place::list;
  }
  return true;
}

bool ObjectSink::on_array_begin(Error&) {
  if (skipped_ > 0) {
    ++skipped_;
  } else if (place_ == Place::object && rule_ != nullptr && rule_->kind == Kind::list) {
    values_[rule_at_].present = true;
    place_ = Place::list;
  } else {
    wrong("an array");
    skipped_ = 1;
  }
  return true;
}

bool ObjectSink::on_array_end(std::size_t, Error&) {
  if (skipped_ > 0) {
    --skipped_;
    return true;
  }
  place_ = Place::object;
  const auto count = static_cast<std::int64_t>(item_);
  if (count < list_->least || count > list_->most) {
    note(std::string(list_->name), must_be(*list_, std::to_string(count)));
  }
  return true;
}

bool ObjectSink::on_key_part(Text text, std::size_t, Error&) {
  key_.append(text.data(), text.size());
  return true;
}

bool ObjectSink::on_key(Text text, std::size_t, Error&) {
  const std::string_view name = whole_of(key_, text);
  if (skipped_ == 0) {
    const auto rules = rules_here();
    const auto found = std::find_if(rules.begin(), rules.end(),
                                    [&](const Rule& rule) { return rule.name == name; });
    rule_ = found == rules.end() ? nullptr : &*found;
    if (rule_ == nullptr) {
      if (unknown_ == Unknown::refuse) note(path(shown(name)), "is not a known field");
    } else {
      rule_at_ = static_cast<std::size_t>(found - rules.begin());
      auto& seen = place_ == Place::item ? item_seen_ : seen_;
      if (seen[rule_at_]) {
        note(path(rule_->name), "is there twice");
        rule_ = nullptr;  // the first one counts for what else is said
      } else {
        seen[rule_at_] = true;
      }
    }
  }
  key_.clear();
  return true;
}

bool ObjectSink::on_string_part(Text text, std::size_t, Error&) {
  text_.append(text.data(), text.size());
  return true;
}

bool ObjectSink::on_string(Text last, std::size_t, Error&) {
  const std::string_view text = whole_of(text_, last);
  if (skipped_ == 0) take_text(text);
  text_.clear();
  return true;
}

void ObjectSink::take_text(std::string_view text) {
  if (place_ == Place::root || place_ == Place::list) return wrong("text");
  if (rule_ == nullptr) return;
  if (!fits(*rule_, text)) return note(path(rule_->name), must_be_other(*rule_, text));
  value_here().present = true;
  value_here().text = text;
}

bool ObjectSink::on_int64(std::int64_t number, Text text, Error&) {
  if (skipped_ > 0) return true;
  const bool at_field = place_ == Place::object || place_ == Place::item;
  if (at_field && rule_ != nullptr && fits(*rule_, number)) {
    value_here().present = true;
    value_here().integer = number;
  } else {
    wrong(shortened(text));
  }
  return true;
}

// Only called above the range of int64, where no field reaches.
bool ObjectSink::on_uint64(std::uint64_t, Text text, Error&) {
  if (skipped_ == 0) wrong(shortened(text));
  return true;
}

bool ObjectSink::on_double(double, Text text, Error&) {
  if (skipped_ == 0) wrong(shortened(text));
  return true;
}

bool ObjectSink::on_bool(bool value, Error&) {
  if (skipped_ == 0) wrong(value ? "true" : "false");
  return true;
}

// Of a field as if it were not there: many clients write absent fields so.
bool ObjectSink::on_null(Error&) {
  if (skipped_ == 0 && (place_ == Place::root || place_ == Place::list)) wrong("null");
  return true;
}

}  // namespace payload
