// A handler for tests: each message's value says how it behaves, and what was called when is
// appended to a file. A value is words separated by spaces, done in order; what follows the first
// verdict is not read:
//   sleep:MS        takes so long
//   wait-for:FILE   until the file is there
//   hang            never returns
//   throw           throws a std::runtime_error
//   reject          says reject "asked to"
//   fail | fail:N   says retry "asked to", always or on the first N attempts
//   fail-until:FILE the same until the file is there
//   settle-twice    is ok, and says so twice, which the contract forbids
//   down:FILE       says unavailable until the file is there
// Anything else is ok, but a null value (a tombstone) is rejected. While there is a file
// FILE.broken beside the probe's own FILE everything is rejected, as by a bad release. A call is
// two lines: "begin TOPIC PARTITION OFFSET KEY ATTEMPT MILLISECONDS" and the same as "end".
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

using namespace std::chrono_literals;

class Probe {
 public:
  static constexpr bool reads_headers = false;
  static constexpr auto options =
      gantry::options(gantry::text("file", "what was called is appended to it"));

  explicit Probe(const gantry::Context& context)
      : broken_(context.text("file") + ".broken"),
        file_(open(context.text("file").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (file_ < 0) throw std::runtime_error("file: cannot be opened");
    if (const auto metrics = context.find<gantry::Metrics>())
      calls_ = metrics->counter("probe_calls_total", "Messages that the probe was called with");
  }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;
  ~Probe() { close(file_); }

  gantry::Verdict handle(const gantry::Message& message) {
    note("begin", message);
    calls_.add();
    gantry::Verdict verdict = act(message);
    note("end", message);
    return verdict;
  }

 private:
  gantry::Verdict act(const gantry::Message& message) const {
    if (std::filesystem::exists(broken_)) return gantry::reject("broken", "probe.broken");
    if (!message.has_value()) return gantry::reject("no value", "probe.null");
    std::istringstream words{std::string(message.value().substr(0, 1000))};
    for (std::string word; words >> word;) {
      const std::string name = word.substr(0, word.find(':'));
      const std::string argument = name.size() < word.size() ? word.substr(name.size() + 1) : "";
      if (name == "sleep")
        std::this_thread::sleep_for(std::chrono::milliseconds(std::atoi(argument.c_str())));
      if (name == "wait-for") {
        while (!std::filesystem::exists(argument)) std::this_thread::sleep_for(5ms);
      }
      while (name == "hang") pause();
      if (name == "settle-twice")
        for (int i = 0; i < 2; ++i) message.slot().settle(gantry::ok());
      if (name == "throw") throw std::runtime_error("thrown by the probe");
      if (name == "reject") return gantry::reject("asked to", "probe.reject");
      if (name == "down" && !std::filesystem::exists(argument))
        return gantry::unavailable("asked to");
      if (name == "fail-until" && !std::filesystem::exists(argument))
        return gantry::retry("asked to", {}, "probe.fail");
      if (name == "fail" && (argument.empty() || message.attempt() <= std::stoul(argument))) {
        return gantry::retry("asked to", {}, "probe.fail");
      }
    }
    return gantry::ok();
  }

  // One write() a line: lanes and hosts append to the same file.
  void note(const char* event, const gantry::Message& message) const {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    std::ostringstream line;
    line << event << ' ' << message.topic() << ' ' << message.partition() << ' ' << message.offset()
         << ' ' << (message.key().empty() ? "-" : message.key()) << ' ' << message.attempt() << ' '
         << std::chrono::duration_cast<std::chrono::milliseconds>(now).count() << '\n';
    const std::string text = line.str();
    if (write(file_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
  }

  const std::string broken_;
  int file_;
  gantry::Metrics::Counter calls_;
};

}  // namespace

GANTRY_PLUGIN("probe", "1.0.0",
              gantry::handler<Probe>("probe", "does what each message's value says"));
