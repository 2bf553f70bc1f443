#include "embedded/log_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <fstream>
#include <system_error>

namespace gantry::embedded {
namespace {

constexpr std::size_t kLines = 15;

}  // namespace

LogFile::LogFile(const std::filesystem::path& file)
    : before_(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) {
  const int log = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) throw std::system_error(errno, std::generic_category(), file.string());
  dup2(log, STDERR_FILENO);
  close(log);
}

LogFile::~LogFile() {
  dup2(before_, STDERR_FILENO);
  close(before_);
}

std::string last_lines(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::deque<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(std::move(line));
    if (lines.size() > kLines) lines.pop_front();
  }
  if (lines.empty()) return {};
  std::string text = "The last lines of the log:\n";
  for (const std::string& line : lines) text += "  " + line + '\n';
  return text;
}

}  // namespace gantry::embedded
