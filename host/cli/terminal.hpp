// The terminal as a screen that is written over, and the keys and signals that come meanwhile. One
// at a time, of the main thread; the signals are blocked (service::block_signals).
#pragma once

#include <signal.h>
#include <termios.h>

#include <chrono>
#include <cstddef>
#include <string>

namespace gantry::cli {

// Waits for a key or a signal.
class Waiting {
 public:
  enum class What { time, key, resized, end };

  // keys: read from standard input, one by one.
  explicit Waiting(bool keys);
  ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

  // end: SIGINT, SIGTERM or SIGHUP, or nobody is at the keys any more.
  What wait(std::chrono::milliseconds time);
  char key() const { return key_; }

 private:
  What read_key();
  What read_signal() const;

  const bool keys_;
  sigset_t before_{};
  int signals_ = -1;
  char key_ = 0;
};

// While it lives the terminal shows a screen of its own and keys are not echoed; afterwards it is
// as it was.
class Screen {
 public:
  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  // As much of it as the terminal has room for. False: it is gone.
  bool show(const std::string& text) const;

 private:
  termios before_{};
  bool changed_ = false;
};

// At most so many lines of so many characters each, as a terminal has room for.
std::string clipped(const std::string& text, std::size_t lines, std::size_t columns);

}  // namespace gantry::cli
