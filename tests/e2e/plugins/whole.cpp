// A handler for tests that takes batches and can only fail a call as a whole: with retry, when one
// of its messages is "poison". A message "wait-for:FILE" keeps the call until the file is there.
// Each message of each call is a line in a file, in the form that the probe's lines have: "handled"
// or "failed", and at the end how many messages were in the call.
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

class Whole {
 public:
  static constexpr int max_batch = 1000;
  static constexpr auto options =
      gantry::options(gantry::text("file", "what was handled is appended to it"));

  explicit Whole(const gantry::Context& context)
      : file_(open(context.text("file").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (file_ < 0) throw std::runtime_error("file: cannot be opened");
  }
  Whole(const Whole&) = delete;
  Whole& operator=(const Whole&) = delete;
  ~Whole() { close(file_); }

  gantry::Verdict handle_batch(gantry::Batch& batch) {
    bool poisoned = false;
    for (const gantry::Message message : batch) {
      poisoned |= message.value() == "poison";
      wait_for(message.value());
    }
    note(poisoned ? "failed" : "handled", batch);
    return poisoned ? gantry::retry("one of them is poison") : gantry::ok();
  }

 private:
  static void wait_for(std::string_view value) {
    constexpr std::string_view kWord = "wait-for:";
    if (!value.starts_with(kWord)) return;
    while (!std::filesystem::exists(value.substr(kWord.size())))
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }

  // One write() a call: lanes append to the same file.
  void note(std::string_view event, const gantry::Batch& batch) const {
    std::ostringstream lines;
    for (const gantry::Message message : batch)
      lines << event << ' ' << message.topic() << ' ' << message.partition() << ' '
            << message.offset() << ' ' << message.key() << ' ' << message.attempt() << ' '
            << batch.size() << '\n';
    const std::string text = lines.str();
    if (write(file_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
  }

  int file_;
};

}  // namespace

GANTRY_PLUGIN("whole", "1.0.0", gantry::handler<Whole>("whole", "fails calls as a whole"));
