// Finds the subject in a body with a parser that builds nothing, and sees what a tree hides: a
// field that is there twice, of which two readers could take one each.
#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <utility>

#include "http/ingress/credentials.hpp"

namespace gantry::http {
namespace {

namespace json = boost::json;

class Finder {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  using Code = json::error_code;

  explicit Finder(std::string_view field) : field_(field) {}
  const std::vector<std::string>& values() const { return values_; }
  std::size_t times() const { return times_; }

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return begin(); }
  bool on_object_end(std::size_t, Code&) { return end(); }
  bool on_array_begin(Code&) { return begin(); }
  bool on_array_end(std::size_t, Code&) { return end(); }
  bool on_key_part(json::string_view part, std::size_t, Code&) { return add(part); }
  bool on_key(json::string_view part, std::size_t, Code&) {
    add(part);
    found_ = depth_ == 1 && text_ == field_;
    if (found_) ++times_;
    text_.clear();
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, Code&) { return add(part); }
  bool on_string(json::string_view part, std::size_t, Code&) {
    add(part);
    return value(std::exchange(text_, {}));
  }
  bool on_number_part(json::string_view, Code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, Code&) {
    return value(std::to_string(number));
  }
  bool on_uint64(std::uint64_t number, json::string_view, Code&) {
    return value(std::to_string(number));
  }
  bool on_double(double, json::string_view, Code&) { return other(); }
  bool on_bool(bool, Code&) { return other(); }
  bool on_null(Code&) { return other(); }
  bool on_comment_part(json::string_view, Code&) { return true; }
  bool on_comment(json::string_view, Code&) { return true; }

 private:
  bool begin() {
    found_ = false;
    ++depth_;
    return true;
  }
  bool end() {
    --depth_;
    return true;
  }
  bool add(json::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool value(std::string text) {
    if (std::exchange(found_, false)) values_.push_back(std::move(text));
    return true;
  }
  bool other() {
    found_ = false;
    return true;
  }

  const std::string_view field_;
  std::string text_;
  std::vector<std::string> values_;
  std::size_t times_ = 0;
  int depth_ = 0;
  bool found_ = false;  // the value that follows is the field's
};

}  // namespace

Subject subject_of(std::string_view field,
                   const std::vector<std::pair<std::string, std::string>>& parameters,
                   std::string_view body) {
  Subject subject;
  for (const auto& [name, value] : parameters) {
    if (name == field) subject.said.push_back(value);
  }
  if (body.empty()) return subject;
  json::basic_parser<Finder> parser(json::parse_options{}, field);
  json::error_code error;
  const std::size_t read = parser.write_some(false, body.data(), body.size(), error);
  if (error || body.find_first_not_of(" \t\r\n", read) != std::string_view::npos) {
    subject.fault = Fault{400, "The body is not JSON."};
    return subject;
  }
  const Finder& found = parser.handler();
  if (found.times() > 1)
    subject.fault = Fault{400, std::string(field) + " is in the body more than once."};
  // A field that is neither text nor an integer is nobody.
  if (found.times() == 1)
    subject.said.push_back(found.values().empty() ? "" : found.values().front());
  return subject;
}

}  // namespace gantry::http
