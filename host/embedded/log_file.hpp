// The host's log, kept out of the way of what a command shows: while it lives, standard error
// (where the log goes, and what libraries and crashing programs say) is a file. The main thread's.
#pragma once

#include <filesystem>
#include <string>

namespace gantry::embedded {

class LogFile {
 public:
  explicit LogFile(const std::filesystem::path& file);  // std::system_error
  ~LogFile();                                           // standard error is what it was before
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

 private:
  int before_;
};

// The end of a log, indented, with a heading; empty when there is none.
std::string last_lines(const std::filesystem::path& file);

}  // namespace gantry::embedded
