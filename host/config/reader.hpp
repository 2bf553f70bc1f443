// Typed access to one TOML table: every read checks the type and range, remembers where the value
// was written, and collects what is wrong instead of throwing. A table may have layers: a route's
// own, and [defaults] below it; the first that has a key counts, and tables merge key by key. Used
// by load alone, on one thread, while the parsed files live.
#pragma once

#include <toml++/toml.h>

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/problem.hpp"

namespace gantry::config {

// Where all readers of one load put what they find.
struct Session {
  Problems problems;
  std::map<std::string, Origin> origins;
  std::set<std::string> hidden;
};

class Reader {
 public:
  struct Layer {
    const toml::table* table;
    std::filesystem::path file;
    std::string path;  // of the table, as it is written
    bool own;          // its unknown keys are reported by this reader
  };

  Reader(Session& session, std::string path, std::vector<Layer> layers)
      : session_(session), path_(std::move(path)), layers_(std::move(layers)) {}

  // nullopt: not written, or wrong and reported.
  std::optional<std::string> text(std::string_view key);
  std::optional<std::string> required_text(std::string_view key, const std::string& remedy);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high);
  std::optional<double> number(std::string_view key, double low, double high);
  std::optional<std::vector<std::string>> texts(std::string_view key);
  // librdkafka and topic properties: scalars as text, nested tables as dotted names. `except`: keys
  // of other meaning.
  Properties properties(std::string_view key);
  Properties own_properties(const std::set<std::string>& except);
  std::optional<SettingValue> any(std::string_view key);

  // One of a few words.
  template <typename T, std::size_t N>
  std::optional<T> choice(std::string_view key,
                          const std::array<std::pair<const char*, T>, N>& choices) {
    const auto written = text(key);
    if (!written) return std::nullopt;
    std::vector<std::string> words;
    for (const auto& [word, value] : choices) {
      if (*written == word) return value;
      words.emplace_back(word);
    }
    report_choice(key, *written, words);
    return std::nullopt;
  }

  bool has(std::string_view key) const;
  bool has_table(std::string_view key) const;
  Reader over(const Layer& defaults) const;  // this table with defaults below it
  Reader table(std::string_view key);        // without layers where it is not written
  std::vector<Reader> tables(std::string_view key,
                             std::string_view name_key);  // an array of tables
  std::vector<std::string> keys() const;                  // of all layers, each once
  void finish();                                          // reports keys that nobody asked for

  void report(std::string_view key, std::string message, std::string remedy);
  void report_unknown(std::string_view key, std::string message, std::string remedy);
  Origin origin(std::string_view key) const;  // of the value
  Origin here() const;                        // of the table
  const std::string& path() const { return path_; }
  void know(std::string_view key) { known_.emplace(key); }

 private:
  const toml::node* find(std::string_view key);
  std::optional<std::string> text_of(const toml::node& node, std::string_view key,
                                     const std::string& path);
  void flatten(const toml::table& table, const std::string& prefix, const Layer& layer,
               const std::set<std::string>& except, Properties& out);
  void wrong_type(std::string_view key, const toml::node& node, std::string_view wanted);
  void report_choice(std::string_view key, const std::string& written,
                     const std::vector<std::string>& words);

  Session& session_;
  std::string path_;
  std::vector<Layer> layers_;
  std::set<std::string, std::less<>> known_;
  std::set<std::string, std::less<>> refused_;  // reported with a message of their own
};

// The position of a node in its file.
Origin origin_of(const toml::node& node, const std::filesystem::path& file, std::string path);

}  // namespace gantry::config
