// Replaces ${…} in the text values of the configuration. Start-up only, one thread; reads the
// environment and files.
//   ${env:NAME} ${env:NAME:-otherwise}   an environment variable
//   ${file:PATH}                         a file's content without its last line feed; relative to
//   the configuration
//   ${credential:NAME}                   $CREDENTIALS_DIRECTORY/NAME (systemd), else
//   /etc/credstore/NAME
//   ${hostname}                          this machine's name
//   $${                                  the two characters ${
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gantry::config {

struct Interpolated {
  std::string text;
  bool hidden =
      false;  // holds something from the environment, a file or a credential: not for messages
};

class InterpolationFailed : public std::runtime_error {
 public:
  InterpolationFailed(const std::string& message, std::string remedy)
      : std::runtime_error(message), remedy_(std::move(remedy)) {}
  const std::string& remedy() const { return remedy_; }

 private:
  std::string remedy_;
};

// folder: where the configuration file is. What is put in is not interpolated again. Throws
// InterpolationFailed.
Interpolated interpolate(std::string_view text, const std::filesystem::path& folder);

std::string host_name();

}  // namespace gantry::config
