// PostgreSQL's text form of an array, {1,2} or {"a","b"}: many rows in one statement's one value.
// Quote the whole before it goes into a statement. Plain value, one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace postgres {

class ArrayLiteral {
 public:
  void add(std::int64_t value) {
    separate();
    text_ += std::to_string(value);
  }
  void add(std::string_view value) {
    separate();
    text_ += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') text_ += '\\';
      text_ += c;
    }
    text_ += '"';
  }
  std::string finish() const { return text_ + '}'; }

 private:
  void separate() {
    if (text_.size() > 1) text_ += ',';
  }
  std::string text_ = "{";
};

}  // namespace postgres
