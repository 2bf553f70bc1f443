// What only gantry.toml may hold.
#include <pwd.h>

#include <array>
#include <charconv>

#include "config/readers.hpp"

namespace gantry::config {
namespace {

constexpr std::array<std::pair<const char*, LogFormat>, 2> kFormats{
    {{"text", LogFormat::text}, {"json", LogFormat::json}}};
constexpr std::array<std::pair<const char*, LogLevel>, 4> kLevels{{{"debug", LogLevel::debug},
                                                                   {"info", LogLevel::info},
                                                                   {"warning", LogLevel::warning},
                                                                   {"error", LogLevel::error}}};

void read_kafka(Reader& root, Config& config) {
  Reader kafka = root.table("kafka");
  config.kafka = kafka.own_properties({"producer", "consumer"});
  config.producer = kafka.properties("producer");
  config.consumer = kafka.properties("consumer");
}

void read_admin(Reader& root, Config& config) {
  Reader admin = root.table("admin");
  config.admin.listen = read_listen(admin, "listen");
  if (const auto socket = admin.text("socket")) {
    const std::filesystem::path path(*socket);
    // sun_path of a Unix socket address holds 107 bytes and a NUL.
    if (!path.is_absolute()) {
      admin.report("socket", "is not an absolute path", "write the whole path, from / on");
    } else if (socket->size() > 107) {
      admin.report("socket", "is longer than the 107 bytes that a socket path may have",
                   "choose a shorter path");
    } else {
      config.admin.socket = path;
    }
  }
  admin.finish();
}

void read_log(Reader& root, Config& config) {
  Reader log = root.table("log");
  if (const auto format = log.choice("format", kFormats)) config.log.format = *format;
  if (const auto level = log.choice("level", kLevels)) config.log.level = *level;
  Reader levels = log.table("levels");
  for (const char* component : kLogComponents)
    if (const auto level = levels.choice(component, kLevels)) config.log.levels[component] = *level;
  levels.finish();
  log.finish();
}

std::optional<uid_t> find_user(const std::string& name) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> text{};
  if (getpwnam_r(name.c_str(), &entry, text.data(), text.size(), &found) != 0 || found == nullptr)
    return std::nullopt;
  return found->pw_uid;
}

void read_plugin_places(Reader& root, Config& config) {
  Reader plugins = root.table("plugins");
  if (const auto owner = plugins.text("owner")) {
    config.plugin_owner = find_user(*owner);
    if (!config.plugin_owner) {
      plugins.report("owner", "there is no user \"" + *owner + "\"",
                     "write the name of the user that plugin files may belong to besides root");
    }
  }
  if (const auto dirs = plugins.texts("dirs")) {
    for (const std::string& dir : *dirs) {
      if (std::filesystem::path(dir).is_absolute()) {
        config.plugin_dirs.emplace_back(dir);
      } else {
        plugins.report("dirs", "\"" + dir + "\" is not an absolute path",
                       "write the whole path, from / on");
      }
    }
  }
  plugins.finish();
}

}  // namespace

void read_host(Reader& root, Config& config) {
  if (const auto name = root.text("name")) config.name = *name;
  if (const auto folder = root.text("state_dir")) {
    if (std::filesystem::path(*folder).is_absolute()) {
      config.state_dir = *folder;
    } else {
      root.report("state_dir", "is not an absolute path", "write the whole path, from / on");
    }
  }
  // Below 32 MiB the share of a partition is less than one fetch; above 1 TiB it is a mistake in
  // the unit.
  if (const auto memory = root.integer("memory_mb", 32, 1048576)) config.memory_mb = *memory;
  read_kafka(root, config);
  read_admin(root, config);
  read_log(root, config);
  read_plugin_places(root, config);
  Reader outbox = root.table("outbox");
  if (auto databases = outbox.texts("databases")) config.outbox_databases = std::move(*databases);
  outbox.finish();
  read_http_ingress(root, config);
  root.table("defaults");  // read with each route
}

void read_databases(Reader& root, Config& config) {
  Reader databases = root.table("database");
  for (const std::string& name : databases.keys()) {
    Reader reader = databases.table(name);
    const Origin origin = databases.origin(name);
    if (const auto dsn = reader.required_text(
            "dsn", "write dsn = \"postgresql://…\" or \"${credential:NAME}\"")) {
      config.databases[name] = {name, *dsn, origin};
    } else {
      config.databases[name] = {name, "", origin};  // known, so that its users are not refused too
    }
    reader.finish();
  }
}

std::optional<Listen> read_listen(Reader& reader, std::string_view key) {
  const auto text = reader.text(key);
  if (!text) return std::nullopt;
  const std::size_t colon = text->rfind(':');
  Listen listen;
  if (colon != std::string::npos) {
    listen.address = text->substr(0, colon);
    const char* begin = text->data() + colon + 1;
    const char* end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(begin, end, listen.port);
    const std::string& address = listen.address;
    const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (bracketed) listen.address = address.substr(1, address.size() - 2);
    const bool plain = listen.address.find_first_of("[] /") == std::string::npos &&
                       (bracketed || listen.address.find(':') == std::string::npos);
    if (error == std::errc() && stop == end && begin != end && plain && !listen.address.empty()) {
      return listen;
    }
  }
  reader.report(key, "\"" + *text + "\" is not ADDRESS:PORT",
                "write for example \"127.0.0.1:9464\" or \"[::1]:9464\"; port 0 takes a free one");
  return std::nullopt;
}

std::string first_at(const Origin& first) {
  return first.file.string() + ":" + std::to_string(first.line);
}

}  // namespace gantry::config
