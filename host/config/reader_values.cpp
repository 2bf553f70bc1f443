// The parts of Reader that turn TOML nodes into values of several shapes, and its error texts.
#include <charconv>

#include "config/interpolate.hpp"
#include "config/nearest.hpp"
#include "config/reader.hpp"

namespace gantry::config {
namespace {

std::string_view type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a number";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::table:
      return "a table";
    default:
      return "a date or time";
  }
}

std::string remedy_for(std::string_view wanted) {
  if (wanted.starts_with("text")) return "write text, in quotes";
  if (wanted == "an integer" || wanted == "a number") {
    return "write " + std::string(wanted) + ", without quotes";
  }
  if (wanted == "a list of texts") return "write [\"…\", \"…\"]";
  return "write " + std::string(wanted);
}

// The shortest text that reads back as the same number.
std::string shortest(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return std::string(buffer, end);
}

}  // namespace

std::optional<std::string> Reader::text_of(const toml::node& node, std::string_view key,
                                           const std::string& path) {
  const Origin where = session_.origins[joined(path_, key)];
  const std::filesystem::path& file = where.file;
  try {
    Interpolated result = interpolate(node.value<std::string>().value_or(""), file.parent_path());
    if (result.hidden) session_.hidden.insert(path);
    if (result.text.find('\0') != std::string::npos) {
      report(key, "holds a NUL character", "remove it; C strings end there");
      return std::nullopt;
    }
    return std::move(result.text);
  } catch (const InterpolationFailed& failed) {
    session_.problems.push_back(
        {origin_of(node, file, where.path), failed.what(), failed.remedy()});
    return std::nullopt;
  }
}

Properties Reader::properties(std::string_view key) { return table(key).own_properties({}); }

Properties Reader::own_properties(const std::set<std::string>& except) {
  Properties all;
  for (const Layer& layer : layers_) {
    Properties layer_properties;
    std::set<std::string> taken = except;  // what an earlier layer said stays
    for (const auto& [name, value] : all) taken.insert(name);
    flatten(*layer.table, "", layer, taken, layer_properties);
    all.merge(layer_properties);
  }
  return all;
}

void Reader::flatten(const toml::table& table, const std::string& prefix, const Layer& layer,
                     const std::set<std::string>& except, Properties& out) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    know(name);
    if (prefix.empty()) know(key.str());
    if (except.contains(name)) continue;
    if (const toml::table* nested = node.as_table()) {
      flatten(*nested, name + ".", layer, except, out);
      continue;
    }
    const std::string path = joined(path_, name);
    const Origin where = origin_of(node, layer.file, joined(layer.path, name));
    if (out.contains(name)) {
      session_.problems.push_back({where, "is written twice", "remove one of the two"});
      continue;
    }
    session_.origins[path] = where;
    std::optional<std::string> value;
    if (node.is_string()) {
      value = text_of(node, name, path);
    } else if (const auto* integer = node.as_integer()) {
      value = std::to_string(integer->get());
    } else if (const auto* boolean = node.as_boolean()) {
      value = boolean->get() ? "true" : "false";
    } else if (const auto* number = node.as_floating_point()) {
      value = shortest(number->get());
    } else {
      session_.problems.push_back({where, "a property is not " + std::string(type_name(node)),
                                   "write text, a number, true or false"});
    }
    if (value) out.emplace(name, std::move(*value));
  }
}

std::optional<SettingValue> Reader::any(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* boolean = node->as_boolean()) return SettingValue(boolean->get());
  if (const auto* integer = node->as_integer()) return SettingValue(integer->get());
  if (const auto* number = node->as_floating_point()) return SettingValue(number->get());
  if (node->is_string()) {
    auto value = text(key);
    if (!value) return std::nullopt;
    return SettingValue(std::move(*value));
  }
  if (node->is_array()) {
    auto values = texts(key);
    if (!values) return std::nullopt;
    return SettingValue(std::move(*values));
  }
  report(key, "a setting is not " + std::string(type_name(*node)),
         "write true or false, a number, text or a list of texts");
  return std::nullopt;
}

Origin Reader::origin(std::string_view key) const {
  const auto found = session_.origins.find(joined(path_, key));
  if (found != session_.origins.end()) return found->second;
  Origin where = here();
  where.path = joined(path_, key);
  return where;
}

Origin Reader::here() const {
  if (layers_.empty()) return {{}, 0, 0, path_};
  return origin_of(*layers_.front().table, layers_.front().file, path_);
}

void Reader::report(std::string_view key, std::string message, std::string remedy) {
  session_.problems.push_back({origin(key), std::move(message), std::move(remedy)});
}

void Reader::report_unknown(std::string_view key, std::string message, std::string remedy) {
  refused_.emplace(key);
  for (const Layer& layer : layers_) {
    const auto found = layer.table->find(key);
    if (found == layer.table->end() || !layer.own) continue;
    const toml::source_position begin = found->first.source().begin;
    session_.problems.push_back({{layer.file, begin.line, begin.column, joined(layer.path, key)},
                                 std::move(message),
                                 std::move(remedy)});
    return;
  }
}

void Reader::wrong_type(std::string_view key, const toml::node& node, std::string_view wanted) {
  Origin where = origin(key);
  const toml::source_position begin = node.source().begin;
  where.line = begin.line;
  where.column = begin.column;
  session_.problems.push_back(
      {where, "expected " + std::string(wanted) + ", found " + std::string(type_name(node)),
       remedy_for(wanted)});
}

void Reader::report_choice(std::string_view key, const std::string& written,
                           const std::vector<std::string>& words) {
  report(key, "\"" + written + "\" is not a choice", suggestion(written, words));
}

}  // namespace gantry::config
