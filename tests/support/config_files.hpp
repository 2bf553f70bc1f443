// A gantry.toml with its routes.d in a private folder. Texts may have placeholders: @BOOTSTRAP@
// stands for what set("BOOTSTRAP", …) said; FOLDER, STATE, PLUGINS and ADMIN_PORT are known
// already. One that is not known is an error. Owned by the test, used on its thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "support/temp_folder.hpp"

namespace gantry::test {

class ConfigFiles {
 public:
  ConfigFiles();

  ConfigFiles& set(const std::string& placeholder, const std::string& value);
  ConfigFiles& main(const std::string& toml);  // writes gantry.toml
  ConfigFiles& route(const std::string& name,
                     const std::string& toml);  // writes routes.d/NAME.toml
  // A gantry.toml that most tests can live with: @BOOTSTRAP@, no topics, the default retry and dead
  // letter, an admin endpoint, and `more` at its end. Placeholders must be set before.
  ConfigFiles& usual_main(const std::string& more = "");

  std::filesystem::path file() const { return folder_ / "gantry.toml"; }
  std::filesystem::path folder() const { return folder_.path(); }
  std::filesystem::path state_dir() const { return folder_ / "state"; }
  std::uint16_t admin_port() const { return admin_port_; }
  std::string filled(std::string text) const;

 private:
  TempFolder folder_;
  std::uint16_t admin_port_;
  std::map<std::string, std::string> values_;
};

}  // namespace gantry::test
