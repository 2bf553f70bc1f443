// The route files that the packages ship, and their copies beside a configuration. Functions throw
// std::runtime_error with what, where and remedy. One thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gantry::cli {

enum class RouteState { available, enabled, changed, kept };  // kept: disabled, with its changes
enum class Enabled { copied, restored, before };

const char* word_for(RouteState state);
inline bool is_enabled(RouteState state) {
  return state == RouteState::enabled || state == RouteState::changed;
}

class RouteFiles {
 public:
  RouteFiles(std::filesystem::path shipped, std::filesystem::path routes);

  std::vector<std::string> names() const;  // of both folders, in order
  RouteState state(const std::string& name) const;
  std::filesystem::path enabled_file(const std::string& name) const;

  Enabled enable(const std::string& name) const;
  // Where it was kept, when it is not as shipped.
  std::optional<std::filesystem::path> disable(const std::string& name) const;

 private:
  std::filesystem::path shipped_file(const std::string& name) const;
  std::filesystem::path kept_file(const std::string& name) const;
  bool as_shipped(const std::string& name) const;

  std::filesystem::path shipped_;
  std::filesystem::path routes_;
};

}  // namespace gantry::cli
