#include "cli/dev_plugin.hpp"

#include <gantry/abi.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "service/prepare.hpp"

namespace gantry::cli {
namespace {

namespace fs = std::filesystem;
using config::HandlerSpec;
using config::OptionSpec;
using config::OptionType;

// What the host's own configuration has to have for these handlers. Addresses are replaced.
struct Needs {
  bool database = false;
  bool outbox = false;
  bool http = false;
};

Needs needs_of(const std::vector<HandlerSpec>& handlers) {
  Needs needs;
  for (const HandlerSpec& handler : handlers) {
    needs.database |= std::ranges::any_of(
        handler.options, [](const OptionSpec& o) { return o.type == OptionType::database; });
    needs.outbox |= (handler.flags & GANTRY_USES_OUTBOX) != 0;
    needs.http |= (handler.flags & GANTRY_SOURCE_HTTP) != 0;
  }
  return needs;
}

std::string quoted(const std::string& text) {
  std::string toml = "\"";
  for (const char c : text) toml += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  return toml + '"';
}

std::string main_file(const fs::path& library, const Needs& needs) {
  std::string text =
      "name = \"dev\"\n[kafka]\n\"bootstrap.servers\" = \"localhost:9092\"\n"
      "[plugins]\ndirs = [" +
      quoted(library.parent_path().string()) + "]\n";
  if (needs.database) text += "[database.main]\ndsn = \"postgresql://localhost/main\"\n";
  if (needs.outbox) text += "[outbox]\ndatabases = [\"main\"]\n";
  if (needs.http) text += "[http]\nlisten = \"127.0.0.1:8080\"\n";
  return text;
}

std::string settings_of(const HandlerSpec& handler) {
  std::string settings;
  for (const OptionSpec& option : handler.options) {
    if (option.fallback) continue;
    if (option.type != OptionType::database)
      throw std::runtime_error("handler \"" + handler.id + "\" needs the setting \"" + option.name +
                               "\": give --route FILE, a route file that has it");
    settings += (settings.empty() ? "" : ", ") + option.name + " = \"main\"";
  }
  return "settings = { " + settings + " }\n";
}

std::string route_of(const HandlerSpec& handler) {
  std::string text = "[[route]]\nname = \"" + handler.id + "\"\nhandler = \"" + handler.id + "\"\n";
  if ((handler.flags & GANTRY_SOURCE_TOPIC) != 0)
    text += "topics = [\"" + handler.id + "-topic\"]\ndead_letter = { topic = \"" + handler.id +
            "-dlq\" }\ngroup = \"" + handler.id + "\"\n";
  else
    text += "http = { method = \"POST\", path = \"/" + handler.id + "\" }\n";
  text += settings_of(handler);
  for (const config::OutputSpec& output : handler.outputs)
    text += "outputs." + output.name + " = { topic = \"" + output.name + "\" }\n";
  return text;
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream out(file);
  if (!(out << text << std::flush))
    throw std::runtime_error(file.string() + " can't be written: check the disk and TMPDIR");
}

}  // namespace

fs::path write_dev_configuration(const fs::path& library, const fs::path& route_file,
                                 const fs::path& folder) {
  const fs::path whole = fs::absolute(library);
  std::vector<HandlerSpec> handlers;
  for (const config::PluginSpec& plugin : service::load_libraries({whole}).catalog())
    handlers.insert(handlers.end(), plugin.handlers.begin(), plugin.handlers.end());
  const fs::path routes = folder / "routes.d";
  fs::create_directories(routes);
  if (route_file.empty()) {
    std::string text = "[[plugin]]\nlibrary = " + quoted(whole.string()) + "\n";
    for (const HandlerSpec& handler : handlers) text += route_of(handler);
    write(routes / "plugin.toml", text);
  } else {
    if (!fs::exists(route_file))
      throw std::runtime_error("there is no " + route_file.string() + ": give --route another one");
    fs::create_symlink(fs::absolute(route_file), routes / "route.toml");
  }
  write(folder / "gantry.toml", main_file(whole, needs_of(handlers)));
  return folder / "gantry.toml";
}

FileWatch::FileWatch(fs::path file) : file_(std::move(file)), told_(look()), seen_(told_) {}

FileWatch::Stamp FileWatch::look() const {
  struct stat facts {};
  if (stat(file_.c_str(), &facts) != 0) return {};
  return {facts.st_ino, facts.st_size, facts.st_mtim};
}

bool FileWatch::changed() {
  const Stamp now = look();
  const bool rests = std::exchange(seen_, now) == now;
  if (!rests || now.size < 0 || now == told_) return false;
  told_ = now;
  return true;
}

}  // namespace gantry::cli
