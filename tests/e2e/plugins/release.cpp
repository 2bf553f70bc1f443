// A handler for tests of reloading, built in two releases. What it has handled is appended to a
// file, a line a message, in the form that the probe's lines have: the event is the release ("v1"),
// or "again" for one that is to come again. A message's value says how it behaves:
//   wait-for:FILE   says retry until the file is there
//   sleep:MS        takes so long
// Anything else is ok.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <gantry/plugin.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace {

class Release {
 public:
  static constexpr auto source = gantry::Source::topic | gantry::Source::http;
  static constexpr auto options =
      gantry::options(gantry::text("file", "what was handled is appended to it"));

  explicit Release(const gantry::Context& context)
      : file_(open(context.text("file").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (file_ < 0) throw std::runtime_error("file: cannot be opened");
  }
  Release(const Release&) = delete;
  Release& operator=(const Release&) = delete;
  ~Release() { close(file_); }

  gantry::Verdict handle(const gantry::Message& message) {
    const std::string value(message.value());
    const std::size_t colon = value.find(':');
    const std::string argument = colon == std::string::npos ? "" : value.substr(colon + 1);
    if (value.starts_with("sleep:"))
      std::this_thread::sleep_for(std::chrono::milliseconds(std::atoi(argument.c_str())));
    const bool waits = value.starts_with("wait-for:") && !std::filesystem::exists(argument);
    note(waits ? "again" : RELEASE, message);
    if (waits) return gantry::retry("asked to");
    return gantry::ok();
  }

 private:
  void note(const char* event, const gantry::Message& message) const {
    std::ostringstream line;
    line << event << ' ' << (message.topic().empty() ? "-" : message.topic()) << ' '
         << message.partition() << ' ' << message.offset() << ' '
         << (message.key().empty() ? "-" : message.key()) << ' ' << message.attempt() << " 0\n";
    const std::string text = line.str();
    if (write(file_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
  }

  int file_;
};

}  // namespace

GANTRY_PLUGIN("release", RELEASE, gantry::handler<Release>("release", "tells its release"));
