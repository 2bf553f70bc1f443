// A handler for tests that leaves its messages pending, and settles them as their values say:
//   twice       ok, and then reject, which the contract forbids
//   never       never, nor when it is cancelled
//   let-go      on the first attempt when it is cancelled, which is too late
//   late:FILE   the first attempt in the second one's call, which then waits for the file
// Anything else, and any later attempt, is settled ok at once, from another thread. What happened
// is appended to a file in the lines of the probe: "begin", "cancel", and of each settle "taken" or
// "refused".
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <gantry/plugin.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

// What is kept of a message: its memory goes when it is settled.
struct Attempt {
  gantry::Slot slot;
  std::string word;      // of its value, up to the ":"
  std::string argument;  // behind it
  std::string line;      // what is said of it, after the event
};

Attempt attempt_of(const gantry::Message& message) {
  const std::string value(message.value());
  const std::size_t colon = std::min(value.find(':'), value.size());
  return {.slot = message.slot(),
          .word = value.substr(0, colon),
          .argument = value.substr(std::min(colon + 1, value.size())),
          .line = std::string(message.topic()) + ' ' + std::to_string(message.partition()) + ' ' +
                  std::to_string(message.offset()) + ' ' + std::string(message.key()) + ' ' +
                  std::to_string(message.attempt()) + " 0\n"};
}

class Pender {
 public:
  static constexpr bool may_pend = true;
  static constexpr auto options =
      gantry::options(gantry::text("file", "what happened is appended to it"));

  // An attempt may be another lane's than the one before.
  struct Shared {
    std::mutex mutex;
    std::map<std::string, gantry::Slot> first;  // by key
  };

  Pender(const gantry::Context& context, Shared& shared)
      : shared_(shared),
        file_(open(context.text("file").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (file_ < 0) throw std::runtime_error("file: cannot be opened");
  }
  Pender(const Pender&) = delete;
  Pender& operator=(const Pender&) = delete;
  ~Pender() {
    for (std::thread& thread : threads_) thread.join();
    close(file_);
  }

  gantry::Verdict handle(const gantry::Message& message) {
    const Attempt attempt = attempt_of(message);
    note("begin", attempt);
    const gantry::Slot first = remember(message, attempt);
    const bool again = message.attempt() > 1;
    if (attempt.word == "late" && again) {
      settle(attempt, first, gantry::ok());
      while (!std::filesystem::exists(attempt.argument))
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      return gantry::ok();
    }
    const bool waits = attempt.word == "let-go" || attempt.word == "late";
    if (attempt.word != "never" && !(waits && !again)) settle_later(attempt);
    return gantry::pending();
  }

  // Each instance is told of each slot, also of those that others have.
  void cancel(gantry::Slot slot) {
    const std::optional<Attempt> own = own_attempt(slot);
    if (!own) return;
    note("cancel", *own);
    if (own->word == "let-go") settle(*own, slot, gantry::ok());
  }

 private:
  // The slot of the first attempt.
  gantry::Slot remember(const gantry::Message& message, const Attempt& attempt) {
    const std::scoped_lock lock(mutex_, shared_.mutex);
    attempts_.emplace(attempt.slot.id(), attempt);
    return shared_.first.emplace(message.key(), attempt.slot).first->second;
  }
  std::optional<Attempt> own_attempt(gantry::Slot slot) {
    const std::lock_guard lock(mutex_);
    const auto found = attempts_.find(slot.id());
    return found == attempts_.end() ? std::nullopt : std::optional(found->second);
  }
  void settle_later(const Attempt& attempt) {
    threads_.emplace_back([this, attempt] {
      settle(attempt, attempt.slot, gantry::ok());
      if (attempt.word == "twice") settle(attempt, attempt.slot, gantry::reject("said ok before"));
    });
  }
  void settle(const Attempt& attempt, gantry::Slot slot, const gantry::Verdict& verdict) const {
    note(slot.settle(verdict) ? "taken" : "refused", attempt);
  }
  // One write() a line: all threads append to the same file.
  void note(const std::string& event, const Attempt& attempt) const {
    const std::string text = event + ' ' + attempt.line;
    if (write(file_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
  }

  Shared& shared_;
  int file_;
  std::mutex mutex_;
  std::map<gantry_slot, Attempt> attempts_;
  std::vector<std::thread> threads_;
};

}  // namespace

GANTRY_PLUGIN("pender", "1.0.0",
              gantry::handler<Pender>("pender", "settles later, as each message's value says"));
