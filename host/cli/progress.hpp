// How far a long command is, for whoever waits for it: on a terminal one line that is written over,
// elsewhere a line at each tenth. Owned by the command, its thread.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>

namespace gantry::cli {

class Progress {
 public:
  // what: "replayed"
  Progress(std::ostream& out, bool terminal, std::string what, std::size_t total);
  ~Progress();  // ends the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void at(std::size_t done);

 private:
  std::ostream& out_;
  const bool terminal_;
  const std::string what_;
  const std::size_t total_;
  std::size_t shown_ = 0;  // percent; tenths of a hundred where it is not a terminal
  bool line_ = false;      // one is open
};

}  // namespace gantry::cli
