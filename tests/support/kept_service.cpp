#include "support/kept_service.hpp"

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "support/child_process.hpp"
#include "support/wait.hpp"

namespace gantry::test {

KeptService KeptService::shared(const std::string& script, const std::string& name) {
  return {script, std::filesystem::path(GANTRY_TEST_BED) / name, nullptr, {}};
}

KeptService KeptService::own(const std::string& script,
                             const std::vector<std::string>& parameters) {
  auto folder = std::make_unique<TempFolder>();
  std::filesystem::path path = folder->path();
  return {script, std::move(path), std::move(folder), parameters};
}

KeptService::KeptService(std::string script, std::filesystem::path folder,
                         std::unique_ptr<TempFolder> owned,
                         const std::vector<std::string>& parameters)
    : script_(std::move(script)), owned_(std::move(owned)), folder_(std::move(folder)) {
  call("start", parameters);
  std::istringstream lines(read_file(folder_ / "state"));
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find('=');
    if (equals != std::string::npos) variables_[line.substr(0, equals)] = line.substr(equals + 1);
  }
}

KeptService::KeptService(KeptService&& other) noexcept
    : script_(std::move(other.script_)),
      owned_(std::move(other.owned_)),
      folder_(std::move(other.folder_)),
      variables_(std::move(other.variables_)),
      active_(std::exchange(other.active_, false)) {}

KeptService::~KeptService() {
  if (!active_) return;
  try {
    call("stop");
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
}

void KeptService::call(const std::string& command,
                       const std::vector<std::string>& arguments) const {
  const auto script = std::filesystem::path(GANTRY_TEST_SUPPORT) / script_;
  std::vector<std::string> words{script.string(), command, folder_.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const Finished finished = run_program(
      words, 5min, {{"GANTRY_KAFKA_LIBS", std::string(GANTRY_TEST_BED) + "/kafka-libs"}});
  if (finished.exit_code != 0) {
    throw std::runtime_error(script_ + " " + command + " failed with " +
                             std::to_string(finished.exit_code) + ":\n" + finished.output);
  }
}

const std::string& KeptService::variable(const std::string& name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end()) throw std::runtime_error(script_ + " tells no " + name);
  return found->second;
}

}  // namespace gantry::test
