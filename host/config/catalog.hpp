// What the loaded libraries offer, as plain values: the schema that routes are checked against.
// Filled by plugin/ from a library's constant data, without calling any of its functions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gantry::config {

enum class OptionType { boolean, integer, number, text, text_list, duration_ms, url, database };

struct OptionSpec {
  std::string name;
  std::string help;
  std::optional<std::string> fallback;  // TOML text of the default; nullopt: required
  std::string allowed;                  // "1..1000", "a|b", empty: anything of the type
  OptionType type = OptionType::text;
  bool secret = false;
};

struct OutputSpec {
  std::string name;
  std::string help;
  std::string key_format;  // "bytes", "text", "int64"
  bool required = false;
};

struct MigrationSpec {
  std::uint32_t number = 0;
  std::string name;
  std::string sql;
  std::string
      database;  // the database option it is for, filled in also where the plugin left it out
};

struct HandlerSpec {
  std::string id;
  std::string summary;
  std::uint32_t flags = 0;  // GANTRY_SOURCE_TOPIC …, as in gantry/abi.h
  std::uint32_t max_batch = 1;
  std::vector<OptionSpec> options;
  std::vector<OutputSpec> outputs;
  std::vector<MigrationSpec> migrations;
  std::vector<std::string> required_extensions;
  std::string plugin;  // name of the library's plugin
};

struct PluginSpec {
  std::string name;
  std::string version;
  std::string built_with;
  std::uint32_t abi_major = 0;
  std::uint32_t min_host_minor = 0;
  std::filesystem::path file;  // the original, not the private copy
  std::vector<HandlerSpec> handlers;
};

using Catalog = std::vector<PluginSpec>;

// nullptr when no library has it.
const HandlerSpec* find_handler(const Catalog& catalog, const std::string& id);

}  // namespace gantry::config
