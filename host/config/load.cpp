#include "config/load.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "config/interpolate.hpp"
#include "config/nearest.hpp"
#include "config/readers.hpp"

namespace gantry::config {
namespace {

const std::vector<std::string> kHostKeys{"name",     "state_dir", "memory_mb", "kafka", "topic",
                                         "database", "outbox",    "plugins",   "http",  "admin",
                                         "defaults", "log",       "plugin",    "route"};

struct Document {
  std::filesystem::path file;
  toml::table table;
};

// TOML forbids a second [database.main]; the message is better with the place of the first.
std::string place_of_first(std::string_view description, const std::string& content) {
  constexpr std::string_view kStart = "redefine existing table '";
  const std::size_t at = description.find(kStart);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = description.substr(at + kStart.size());
  const std::string header = "[" + std::string(rest.substr(0, rest.find('\''))) + "]";
  std::size_t line = 1;
  for (std::size_t begin = 0; begin < content.size(); ++line) {
    if (content.compare(begin, header.size(), header) == 0) {
      return "; it is in line " + std::to_string(line) + " already";
    }
    const std::size_t end = content.find('\n', begin);
    if (end == std::string::npos) break;
    begin = end + 1;
  }
  return {};
}

std::optional<Document> parse(const std::filesystem::path& file, Problems& problems) {
  std::error_code error;
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file, error)) {
    const int reason = stream ? EISDIR : errno;
    problems.push_back({{file, 0, 0, {}},
                        "cannot be read: " + std::generic_category().message(reason),
                        "name an existing, readable file with --config"});
    return std::nullopt;
  }
  const std::string content(std::istreambuf_iterator<char>(stream), {});
  try {
    return Document{file, toml::parse(content, file.string())};
  } catch (const toml::parse_error& failed) {
    const toml::source_position begin = failed.source().begin;
    problems.push_back(
        {{file, begin.line, begin.column, {}},
         std::string(failed.description()) + place_of_first(failed.description(), content),
         "correct the TOML: text needs quotes, and each key and table is written "
         "once"});
    return std::nullopt;
  }
}

std::vector<std::filesystem::path> route_files(const std::filesystem::path& file,
                                               Problems& problems) {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path folder = file.parent_path() / "routes.d";
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return files;
  std::filesystem::directory_iterator entries(folder, error);
  if (error) {
    problems.push_back({{folder, 0, 0, {}},
                        "cannot be listed: " + error.message(),
                        "make the folder readable for the user of this process"});
    return files;
  }
  for (const auto& entry : entries) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ".toml" && name.front() != '.') files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void refuse_host_keys(Reader& root) {
  for (const std::string& key : root.keys()) {
    if (key == "plugin" || key == "route" || key == "topic") continue;
    if (std::find(kHostKeys.begin(), kHostKeys.end(), key) == kHostKeys.end()) continue;
    root.report_unknown(key, "belongs in gantry.toml",
                        "move it: files in routes.d hold only [[plugin]], [[route]] and [[topic]]");
  }
}

}  // namespace

Loaded load_all(const std::filesystem::path& file) {
  Loaded loaded;
  Session session;
  Config& config = loaded.config;
  config.file = file;
  config.name = host_name();
  std::vector<Document> documents;  // alive until everything is read: readers point into them
  if (auto main = parse(file, session.problems)) documents.push_back(std::move(*main));
  const bool have_main = !documents.empty();
  loaded.complete = have_main;
  config.files.push_back(file);
  for (const auto& route_file : route_files(file, session.problems)) {
    config.files.push_back(route_file);
    if (auto read = parse(route_file, session.problems)) documents.push_back(std::move(*read));
  }

  std::optional<Reader::Layer> defaults;
  if (have_main) {
    const toml::node* node = documents.front().table.get("defaults");
    if (node != nullptr && node->is_table()) {
      defaults = Reader::Layer{node->as_table(), file, "defaults", false};
      check_defaults(session, *defaults);
    }
  }
  for (const Document& document : documents) {
    Reader root(session, "", {{&document.table, document.file, "", true}});
    if (have_main && &document == &documents.front()) {
      read_host(root, config);
      read_databases(root, config);
    } else {
      refuse_host_keys(root);
    }
    read_topics(root, config);
    read_plugins(root, config);
    read_routes(root, session, defaults ? &*defaults : nullptr, config);
    root.finish();
  }
  config.origins = std::move(session.origins);
  config.hidden = std::move(session.hidden);
  loaded.problems = std::move(session.problems);
  sort_and_unite(loaded.problems);
  return loaded;
}

Config load(const std::filesystem::path& file) {
  Loaded loaded = load_all(file);
  throw_if_any(std::move(loaded.problems));
  return std::move(loaded.config);
}

}  // namespace gantry::config
