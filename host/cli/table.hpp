// Rows of text in columns that line up, for people. Whatever is put in is shown on one line, with
// control characters escaped. Pure.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace gantry::cli {

class Table {
 public:
  explicit Table(std::vector<std::string> heads);
  void row(std::vector<std::string> cells);  // as many as heads
  void number_column(std::size_t column);    // right-aligned
  void print(std::ostream& out) const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<bool> numbers_;
};

// One line, safe for a terminal.
std::string one_line(const std::string& text);

}  // namespace gantry::cli
