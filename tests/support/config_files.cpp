#include "support/config_files.hpp"

#include <cstdlib>
#include <regex>
#include <stdexcept>

#include "support/free_port.hpp"

namespace gantry::test {

ConfigFiles::ConfigFiles() : admin_port_(free_port()) {
  set("FOLDER", folder_.path().string());
  set("STATE", state_dir().string());
  const char* plugins = std::getenv("GANTRY_TEST_PLUGINS");
  set("PLUGINS", plugins != nullptr ? plugins : GANTRY_TEST_PLUGINS);
  set("ADMIN_PORT", std::to_string(admin_port_));
  std::filesystem::create_directories(state_dir());
}

ConfigFiles& ConfigFiles::set(const std::string& placeholder, const std::string& value) {
  values_[placeholder] = value;
  return *this;
}

std::string ConfigFiles::filled(std::string text) const {
  static const std::regex placeholder("@([A-Z_]+)@");
  std::smatch match;
  while (std::regex_search(text, match, placeholder)) {
    const auto found = values_.find(match[1].str());
    if (found == values_.end())
      throw std::runtime_error("nothing was set for the placeholder " + match.str());
    text.replace(static_cast<std::size_t>(match.position()),
                 static_cast<std::size_t>(match.length()), found->second);
  }
  return text;
}

ConfigFiles& ConfigFiles::main(const std::string& toml) {
  write_file(file(), filled(toml));
  return *this;
}

ConfigFiles& ConfigFiles::route(const std::string& name, const std::string& toml) {
  write_file(folder_ / "routes.d" / (name + ".toml"), filled(toml));
  return *this;
}

ConfigFiles& ConfigFiles::usual_main(const std::string& more) {
  return main(R"(
name = "test-host"
state_dir = "@STATE@"
memory_mb = 64
[kafka]
"bootstrap.servers" = "@BOOTSTRAP@"
[kafka.consumer]
"auto.offset.reset" = "earliest"
[plugins]
dirs = ["@PLUGINS@"]
[admin]
listen = "127.0.0.1:@ADMIN_PORT@"
[log]
level = "debug"
)" + more);
}

}  // namespace gantry::test
