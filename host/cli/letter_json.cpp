#include <boost/json.hpp>

#include "cli/letter_text.hpp"
#include "dlq/readable.hpp"
#include "observe/escape.hpp"

namespace gantry::cli {
namespace {

namespace json = boost::json;

// What is not UTF-8 would make the whole no JSON.
json::value text_json(const std::string& text) {
  if (text.empty()) return nullptr;
  if (observe::is_readable(text, true)) return json::value(text);
  std::string safe;
  observe::append_escaped(safe, text, false);
  return json::value(safe);
}

void add_bytes(json::object& object, const std::string& name,
               const std::optional<std::string>& bytes) {
  if (!bytes)
    object[name] = nullptr;
  else if (observe::is_readable(*bytes, true))
    object[name] = *bytes;
  else
    object[name + "Hex"] = dlq::to_hex(*bytes);
}

}  // namespace

json::object group_json(const dlq::Group& group) {
  return {{"route", text_json(group.owner)},    {"reason", text_json(group.reason)},
          {"topic", text_json(group.topic)},    {"count", group.count},
          {"first", time_text(group.first_ms)}, {"last", time_text(group.last_ms)}};
}

json::object letter_json(const dlq::Letter& letter) {
  json::object object{{"letter", to_text(letter.id)},
                      {"time", time_text(letter.time_ms)},
                      {"route", text_json(letter.route)},
                      {"group", text_json(letter.group)},
                      {"reason", text_json(letter.reason)},
                      {"error", text_json(letter.error)},
                      {"attempts", letter.attempts},
                      {"replays", letter.replays},
                      {"original", nullptr}};
  if (letter.original)
    object["original"] = json::object{{"topic", text_json(letter.original->topic)},
                                      {"partition", letter.original->partition},
                                      {"offset", letter.original->offset},
                                      {"time", time_text(letter.original->timestamp_ms)}};
  return object;
}

void add_record_json(json::object& object, const route::OutRecord& record) {
  add_bytes(object, "key", record.key);
  json::array headers;
  for (const route::OutHeader& header : record.headers) {
    json::object one{{"name", text_json(header.name)}};
    add_bytes(one, "value", header.value);
    headers.push_back(std::move(one));
  }
  object["headers"] = std::move(headers);
  add_bytes(object, "value", record.value);
}

}  // namespace gantry::cli
