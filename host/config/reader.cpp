#include "config/reader.hpp"

#include <sstream>

#include "config/nearest.hpp"

namespace gantry::config {
namespace {

std::string plain(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

template <typename T>
std::string range_text(T low, T high) {
  if constexpr (std::is_floating_point_v<T>) {
    return plain(low) + " to " + plain(high);
  } else {
    return std::to_string(low) + " to " + std::to_string(high);
  }
}

}  // namespace

Origin origin_of(const toml::node& node, const std::filesystem::path& file, std::string path) {
  const toml::source_position begin = node.source().begin;
  return {file, begin.line, begin.column, std::move(path)};
}

const toml::node* Reader::find(std::string_view key) {
  know(key);
  for (const Layer& layer : layers_) {
    const toml::node* node = layer.table->get(key);
    if (node == nullptr) continue;
    session_.origins[joined(path_, key)] = origin_of(*node, layer.file, joined(layer.path, key));
    return node;
  }
  return nullptr;
}

bool Reader::has(std::string_view key) const {
  for (const Layer& layer : layers_) {
    if (layer.table->contains(key)) return true;
  }
  return false;
}

bool Reader::has_table(std::string_view key) const {
  for (const Layer& layer : layers_) {
    if (const toml::node* node = layer.table->get(key)) return node->is_table();
  }
  return false;
}

Reader Reader::over(const Layer& defaults) const {
  Reader both = *this;
  both.layers_.push_back(defaults);
  return both;
}

std::optional<std::string> Reader::text(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_string()) {
    wrong_type(key, *node, "text");
    return std::nullopt;
  }
  return text_of(*node, key, joined(path_, key));
}

std::optional<std::string> Reader::required_text(std::string_view key, const std::string& remedy) {
  if (find(key) == nullptr) {
    Origin where = here();
    where.path = joined(where.path, key);
    session_.problems.push_back({where, "is missing", remedy});
    return std::nullopt;
  }
  auto written = text(key);
  if (written && written->empty()) {
    report(key, "is empty", remedy);
    return std::nullopt;
  }
  return written;
}

std::optional<std::int64_t> Reader::integer(std::string_view key, std::int64_t low,
                                            std::int64_t high) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_integer();
  if (value == nullptr) {
    wrong_type(key, *node, "an integer");
    return std::nullopt;
  }
  if (value->get() < low || value->get() > high) {
    report(key, std::to_string(value->get()) + " is out of range",
           "write an integer from " + range_text(low, high));
    return std::nullopt;
  }
  return value->get();
}

std::optional<double> Reader::number(std::string_view key, double low, double high) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (!node->is_number()) {
    wrong_type(key, *node, "a number");
    return std::nullopt;
  }
  const double value = node->value<double>().value_or(0);
  if (!(value >= low && value <= high)) {  // also refuses nan
    report(key, plain(value) + " is out of range", "write a number from " + range_text(low, high));
    return std::nullopt;
  }
  return value;
}

std::optional<std::vector<std::string>> Reader::texts(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) return std::nullopt;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    wrong_type(key, *node, "a list of texts");
    return std::nullopt;
  }
  std::vector<std::string> values;
  for (const toml::node& element : *array) {
    if (!element.is_string()) {
      wrong_type(key, element, "text in the list");
      return std::nullopt;
    }
    auto value = text_of(element, key, joined(path_, key));
    if (!value) return std::nullopt;
    values.push_back(std::move(*value));
  }
  return values;
}

Reader Reader::table(std::string_view key) {
  know(key);
  std::vector<Layer> layers;
  for (const Layer& layer : layers_) {
    const toml::node* node = layer.table->get(key);
    if (node == nullptr) continue;
    if (const toml::table* table = node->as_table()) {
      layers.push_back({table, layer.file, joined(layer.path, key), layer.own});
    } else {
      session_.problems.push_back(
          {origin_of(*node, layer.file, joined(layer.path, key)), "is not a table",
           "write " + std::string(key) + " = { … } or [" + joined(layer.path, key) + "]"});
    }
  }
  if (!layers.empty()) {
    session_.origins[joined(path_, key)] =
        origin_of(*layers.front().table, layers.front().file, layers.front().path);
  }
  return Reader(session_, joined(path_, key), std::move(layers));
}

std::vector<Reader> Reader::tables(std::string_view key, std::string_view name_key) {
  std::vector<Reader> readers;
  const toml::node* node = find(key);
  if (node == nullptr) return readers;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    report(key, "is not an array of tables",
           "write [[" + std::string(key) + "]] with two brackets on each side");
    return readers;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    const toml::table* table = (*array)[i].as_table();
    if (table == nullptr) {
      wrong_type(key, (*array)[i], "an array of tables");
      continue;
    }
    const auto name = (*table)[name_key].value<std::string>();
    const std::string path = std::string(key) + "[" +
                             (name && !name->empty() ? *name : "#" + std::to_string(i + 1)) + "]";
    readers.emplace_back(session_, path,
                         std::vector<Layer>{{table, layers_.front().file, path, true}});
  }
  return readers;
}

std::vector<std::string> Reader::keys() const {
  std::vector<std::string> names;
  std::set<std::string_view> seen;
  for (const Layer& layer : layers_) {
    for (const auto& [key, node] : *layer.table) {
      if (seen.insert(key.str()).second) names.emplace_back(key.str());
    }
  }
  return names;
}

void Reader::finish() {
  const std::vector<std::string> known(known_.begin(), known_.end());
  for (const Layer& layer : layers_) {
    if (!layer.own) continue;
    for (const auto& [key, node] : *layer.table) {
      if (known_.contains(key.str()) || refused_.contains(key.str())) continue;
      const toml::source_position begin = key.source().begin;
      session_.problems.push_back(
          {{layer.file, begin.line, begin.column, joined(layer.path, key.str())},
           "unknown key",
           suggestion(key.str(), known)});
    }
  }
}

}  // namespace gantry::config
