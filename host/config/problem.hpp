// What is wrong with a configuration, all of it at once: where, what, and what to do. Start-up
// only, one thread.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "config/model.hpp"

namespace gantry::config {

struct Problem {
  Origin where;
  std::string message;  // what is wrong, without a full stop
  std::string remedy;   // what to do about it
};
using Problems = std::vector<Problem>;

// "file:line:column: path: message" and, on the next line and indented, the remedy.
std::string describe(const Problem& problem);

// By file, line and column; a problem found twice (a default that every route inherits) is kept
// once.
void sort_and_unite(Problems& problems);

// Adds what a later step found, without what only follows from a value that `problems` reports
// already.
void add_new(Problems& problems, Problems more);

// A configuration that may not be used. what() is every problem, as describe() writes it.
class Invalid : public std::runtime_error {
 public:
  explicit Invalid(Problems problems);
  const Problems& problems() const { return problems_; }

 private:
  Problems problems_;
};

// Throws Invalid unless there are none.
void throw_if_any(Problems problems);

// Where the value at `path` was written; where it was not, `otherwise` with that path.
Origin origin_of(const Config& config, const std::string& path, const Origin& otherwise = {});

// parent.key, with the key quoted where TOML wants that: kafka."bootstrap.servers".
std::string joined(std::string_view parent, std::string_view key);

}  // namespace gantry::config
