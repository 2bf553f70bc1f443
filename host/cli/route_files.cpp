#include "cli/route_files.hpp"

#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <system_error>

namespace gantry::cli {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string content(std::istreambuf_iterator<char>(in), {});
  if (!in) throw std::runtime_error(file.string() + " can't be read; see who may read it");
  return content;
}

void move(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error)
    throw std::runtime_error(to.string() + " can't be written: " + error.message() +
                             "; run it as who may write there");
}

// Whole or not at all: a reload may read the folder at any time, but only files that end in .toml.
void copy_whole(const fs::path& from, const fs::path& to) {
  const fs::path temporary = to.string() + ".new";
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  if (!error) fs::copy_file(from, temporary, fs::copy_options::overwrite_existing, error);
  if (error)
    throw std::runtime_error(to.string() + " can't be written: " + error.message() +
                             "; run it as who may write there");
  move(temporary, to);
}

void add_names(const fs::path& folder, const std::string& ending, std::set<std::string>& names) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.size() > ending.size() && name.ends_with(ending))
      names.insert(name.substr(0, name.size() - ending.size()));
  }
}

void check_name(const std::string& name) {
  if (name.find('/') != std::string::npos || name.front() == '.')
    throw std::runtime_error("\"" + name + "\" is not the name of a route file; gantry enable " +
                             "without a name lists them");
}

}  // namespace

const char* word_for(RouteState state) {
  switch (state) {
    case RouteState::enabled:
      return "enabled";
    case RouteState::changed:
      return "enabled, not as shipped";
    case RouteState::kept:
      return "disabled, its changes are kept";
    case RouteState::available:
      break;
  }
  return "not enabled";
}

RouteFiles::RouteFiles(fs::path shipped, fs::path routes)
    : shipped_(std::move(shipped)), routes_(std::move(routes)) {}

std::vector<std::string> RouteFiles::names() const {
  std::set<std::string> names;
  add_names(shipped_, ".toml", names);
  add_names(routes_, ".toml", names);
  add_names(routes_, ".toml.disabled", names);
  return {names.begin(), names.end()};
}

RouteState RouteFiles::state(const std::string& name) const {
  if (fs::exists(enabled_file(name)))
    return as_shipped(name) ? RouteState::enabled : RouteState::changed;
  return fs::exists(kept_file(name)) ? RouteState::kept : RouteState::available;
}

Enabled RouteFiles::enable(const std::string& name) const {
  check_name(name);
  const fs::path file = enabled_file(name);
  if (fs::exists(file)) {
    if (as_shipped(name)) return Enabled::before;
    throw std::runtime_error(file.string() +
                             " is enabled and not as shipped; it stays as it is. Compare it with " +
                             shipped_file(name).string() + ", or take it away by gantry disable");
  }
  if (fs::exists(kept_file(name))) {
    move(kept_file(name), file);
    return Enabled::restored;
  }
  if (!fs::exists(shipped_file(name)))
    throw std::runtime_error("there is no route \"" + name + "\" in " + shipped_.string() +
                             "; gantry enable without a name lists them");
  copy_whole(shipped_file(name), file);
  return Enabled::copied;
}

std::optional<fs::path> RouteFiles::disable(const std::string& name) const {
  check_name(name);
  const fs::path file = enabled_file(name);
  if (!fs::exists(file))
    throw std::runtime_error("\"" + name + "\" is not enabled: there is no " + file.string() +
                             "; gantry disable without a name lists what is");
  if (!as_shipped(name)) {
    const fs::path kept = kept_file(name);
    if (fs::exists(kept))
      throw std::runtime_error(file.string() + " is not as shipped, and " + kept.string() +
                               " is there already; move one of them away");
    move(file, kept);
    return kept;
  }
  std::error_code error;
  fs::remove(file, error);
  if (error)
    throw std::runtime_error(file.string() + " can't be removed: " + error.message() +
                             "; run it as who may write there");
  return std::nullopt;
}

fs::path RouteFiles::enabled_file(const std::string& name) const {
  return routes_ / (name + ".toml");
}

fs::path RouteFiles::shipped_file(const std::string& name) const {
  return shipped_ / (name + ".toml");
}

fs::path RouteFiles::kept_file(const std::string& name) const {
  return routes_ / (name + ".toml.disabled");
}

bool RouteFiles::as_shipped(const std::string& name) const {
  return fs::exists(shipped_file(name)) &&
         content_of(shipped_file(name)) == content_of(enabled_file(name));
}

}  // namespace gantry::cli
