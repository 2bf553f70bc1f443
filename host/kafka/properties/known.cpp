#include "kafka/properties/known.hpp"

#include <librdkafka/rdkafka.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string_view>

namespace gantry::kafka {
namespace {

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

// librdkafka tells which client a property is for only in the table that it prints for people:
// name | C/P | range | default | importance | description
void add_row(const std::string& row, std::map<std::string, KnownProperty>& known) {
  const std::size_t first = row.find('|');
  if (first == std::string::npos) return;
  const std::size_t second = row.find('|', first + 1);
  if (second == std::string::npos) return;
  const std::string name = trimmed(std::string_view(row).substr(0, first));
  const std::string scope = trimmed(std::string_view(row).substr(first + 1, second - first - 1));
  if (scope != "*" && scope != "C" && scope != "P") return;  // a header line
  KnownProperty& property = known[name];  // some stand in the global and in the topic table
  property.producer = property.producer || scope != "C";
  property.consumer = property.consumer || scope != "P";
  constexpr std::string_view kAlias = "Alias for `";
  if (const std::size_t at = row.find(kAlias); at != std::string::npos) {
    const std::size_t begin = at + kAlias.size();
    property.alias_for = row.substr(begin, row.find('`', begin) - begin);
  }
}

std::map<std::string, KnownProperty> read_table() {
  std::map<std::string, KnownProperty> known;
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* memory = open_memstream(&text, &size);
  if (memory == nullptr) return known;
  rd_kafka_conf_properties_show(memory);
  std::fclose(memory);
  std::istringstream rows(std::string(text, size));
  std::free(text);
  for (std::string row; std::getline(rows, row);) add_row(row, known);
  return known;
}

}  // namespace

const std::map<std::string, KnownProperty>& known_properties() {
  static const std::map<std::string, KnownProperty> known = read_table();
  return known;
}

std::string canonical(const std::string& name) {
  const auto found = known_properties().find(name);
  if (found == known_properties().end() || found->second.alias_for.empty()) return name;
  return found->second.alias_for;
}

}  // namespace gantry::kafka
