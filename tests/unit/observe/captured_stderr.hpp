// Standard error of this process, into a file while the object lives. For tests of what the log
// writes.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace gantry::test {

class CapturedStderr {
 public:
  CapturedStderr() : file_(std::tmpfile()), original_(::dup(STDERR_FILENO)) {
    if (file_ == nullptr || original_ < 0 || ::dup2(::fileno(file_), STDERR_FILENO) < 0) {
      throw std::runtime_error("standard error can't be captured: see the space in TMPDIR");
    }
  }
  ~CapturedStderr() {
    ::dup2(original_, STDERR_FILENO);
    ::close(original_);
    std::fclose(file_);
  }
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;

  std::vector<std::string> lines() const {
    std::string text;
    char buffer[65536];
    for (off_t at = 0;;) {
      const ssize_t size = ::pread(::fileno(file_), buffer, sizeof buffer, at);
      if (size <= 0) break;
      text.append(buffer, static_cast<std::size_t>(size));
      at += size;
    }
    std::vector<std::string> result;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) result.push_back(line);
    return result;
  }

 private:
  std::FILE* file_;
  int original_;
};

}  // namespace gantry::test
