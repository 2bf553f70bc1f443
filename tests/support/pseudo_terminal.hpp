// A program as a person runs it in a terminal: its screen as it is seen, keys that are pressed, the
// terminal's size. Killed in the destructor. Used on the test's thread.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gantry::test {

class PseudoTerminal {
 public:
  PseudoTerminal(const std::vector<std::string>& arguments, std::size_t rows, std::size_t columns);
  ~PseudoTerminal();
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;

  // What stands on it now: lines without the blanks at their ends. Throws at a sequence of control
  // characters that it does not know.
  std::string screen();
  bool shows_other_screen();  // not the one that the program found
  bool echoes();              // what is typed appears, as a shell needs it
  void type(const std::string& keys);
  void resize(std::size_t rows, std::size_t columns);
  void signal(int number) const;
  // The exit code, 128 + signal when a signal ended it; nullopt when it still runs after the time.
  std::optional<int> wait(std::chrono::milliseconds timeout);

 private:
  void read_all();
  void put(char c);
  void control(const std::string& sequence);
  void clear();

  pid_t pid_ = -1;
  int terminal_ = -1;
  std::optional<int> exit_code_;
  std::vector<std::string> lines_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  bool other_ = false;
  std::string sequence_;  // begun by an escape
};

}  // namespace gantry::test
