// What kafka.sh and postgres.sh have in common, seen from a test program: a service with a state
// folder that lives as long as somebody owns it. This object is an owner; so is ctest, between the
// test programs of one run.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/temp_folder.hpp"

namespace gantry::test {

class KeptService {
 public:
  // The one that all test programs of this build share. script: "kafka.sh"; name: its folder.
  static KeptService shared(const std::string& script, const std::string& name);
  // One of its own, in a folder of its own.
  static KeptService own(const std::string& script, const std::vector<std::string>& parameters);

  KeptService(KeptService&& other) noexcept;
  KeptService& operator=(KeptService&&) = delete;
  ~KeptService();

  // Runs "SCRIPT COMMAND FOLDER arguments…"; throws with its output when it fails.
  void call(const std::string& command, const std::vector<std::string>& arguments = {}) const;
  const std::string& variable(const std::string& name) const;  // of its state file

 private:
  KeptService(std::string script, std::filesystem::path folder, std::unique_ptr<TempFolder> owned,
              const std::vector<std::string>& parameters);

  std::string script_;
  std::unique_ptr<TempFolder> owned_;
  std::filesystem::path folder_;
  std::map<std::string, std::string> variables_;
  bool active_ = true;
};

}  // namespace gantry::test
