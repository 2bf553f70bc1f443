// [[topic]] and [[plugin]].
#include <algorithm>

#include "config/readers.hpp"

namespace gantry::config {
namespace {

bool is_sha256(const std::string& text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

void read_topics(Reader& root, Config& config) {
  for (Reader& reader : root.tables("topic", "name")) {
    Topic topic;
    topic.origin = reader.here();
    const auto name = reader.required_text("name", "write name = \"…\", the topic's name");
    // The upper ends are far beyond what a cluster takes; they catch numbers that went into the
    // wrong key.
    if (const auto count = reader.integer("partitions", 1, 100000)) {
      topic.partitions = static_cast<int>(*count);
    }
    if (const auto count = reader.integer("replicas", 1, 1000)) {
      topic.replicas = static_cast<int>(*count);
    }
    topic.config = reader.properties("config");
    reader.finish();
    if (!name) continue;
    topic.name = *name;
    const auto [first, added] = config.topics.emplace(topic.name, topic);
    if (!added) {
      reader.report(
          "name",
          "topic \"" + topic.name + "\" is in " + first_at(first->second.origin) + " already",
          "remove one of the two");
    }
  }
}

void read_plugins(Reader& root, Config& config) {
  for (Reader& reader : root.tables("plugin", "library")) {
    Plugin plugin;
    plugin.origin = reader.here();
    const auto library =
        reader.required_text("library", "write library = \"libNAME.so\" or an absolute path");
    if (const auto sum = reader.text("sha256")) {
      if (is_sha256(*sum)) {
        plugin.sha256 = *sum;
      } else {
        reader.report("sha256", "is not 64 lower-case hexadecimal digits",
                      "write what `sha256sum FILE` prints");
      }
    }
    reader.finish();
    if (!library) continue;
    plugin.library = *library;
    const std::filesystem::path path(plugin.library);
    if (!path.is_absolute() && path.has_parent_path()) {
      reader.report("library", "is neither a file name nor an absolute path",
                    "write only the file's name, which is looked for in the plugin folders, or "
                    "the whole path");
      continue;
    }
    const auto first =
        std::find_if(config.plugins.begin(), config.plugins.end(),
                     [&](const Plugin& other) { return other.library == plugin.library; });
    if (first != config.plugins.end()) {
      reader.report(
          "library",
          "plugin \"" + plugin.library + "\" is in " + first_at(first->origin) + " already",
          "remove one of the two");
      continue;
    }
    config.plugins.push_back(std::move(plugin));
  }
}

}  // namespace gantry::config
