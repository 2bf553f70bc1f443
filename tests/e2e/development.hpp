// The commands that bring their own brokers and database, as processes in a place of their own, so
// that a test sees whether they leave anything behind. Used on the test's thread.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/temp_folder.hpp"
#include "support/wait.hpp"

namespace gantry::test {

// `gantry ARGUMENTS…` with a TMPDIR of its own.
class Command {
 public:
  explicit Command(const std::vector<std::string>& arguments,
                   std::map<std::string, std::string> environment = {});

  std::string output() const;
  void wait_for_output(const std::string& text);  // throws when it ends before
  // The line of the output that begins with `program`, after blanks, and has `part` in it.
  std::string line_to_paste(const std::string& program, const std::string& part) const;

  void signal(int number) { process_->signal(number); }
  std::optional<int> wait_for_end() { return process_->wait(120s); }
  // The process that has this name in /proc, of those that it started.
  pid_t child(const std::string& name) const;

  std::string folder_left() const;     // what is still in TMPDIR; empty: nothing
  std::string processes_left() const;  // of this and all that it started; empty: none
  void wait_until_nothing_is_left() const;

 private:
  TempFolder folder_;
  std::filesystem::path tmp_;
  std::unique_ptr<ChildProcess> process_;
};

// The shell's output and exit code.
Finished paste(const std::string& line);

}  // namespace gantry::test
