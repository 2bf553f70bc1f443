#include "support/pseudo_terminal.hpp"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "support/wait.hpp"

namespace gantry::test {
namespace {

winsize size_of(std::size_t rows, std::size_t columns) {
  return {.ws_row = static_cast<unsigned short>(rows),
          .ws_col = static_cast<unsigned short>(columns),
          .ws_xpixel = 0,
          .ws_ypixel = 0};
}

}  // namespace

PseudoTerminal::PseudoTerminal(const std::vector<std::string>& arguments, std::size_t rows,
                               std::size_t columns)
    : lines_(rows) {
  std::vector<std::string> words = arguments;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  winsize size = size_of(rows, columns);
  pid_ = forkpty(&terminal_, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "forkpty");
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close_range(3, ~0U, 0);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  fcntl(terminal_, F_SETFL, O_NONBLOCK);
}

PseudoTerminal::~PseudoTerminal() {
  if (!wait(std::chrono::milliseconds(0))) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(terminal_);
}

void PseudoTerminal::read_all() {
  char bytes[4096];
  for (ssize_t count = 0; (count = read(terminal_, bytes, sizeof bytes)) > 0;)
    for (ssize_t i = 0; i < count; ++i) put(bytes[i]);
}

void PseudoTerminal::put(char c) {
  if (!sequence_.empty() || c == '\x1b') {
    sequence_ += c;
    const bool ends = sequence_.size() > 2 && c >= '@' && c <= '~';
    if (ends) control(std::exchange(sequence_, {}));
  } else if (c == '\r') {
    column_ = 0;
  } else if (c == '\n') {
    if (row_ + 1 < lines_.size())
      ++row_;
    else
      lines_.erase(lines_.begin()), lines_.emplace_back();
  } else {
    std::string& line = lines_[row_];
    if (line.size() <= column_) line.resize(column_ + 1, ' ');
    line[column_++] = c;
  }
}

void PseudoTerminal::control(const std::string& sequence) {
  const std::string what = sequence.substr(1);
  if (what == "[H") {
    row_ = column_ = 0;
  } else if (what == "[K") {
    if (lines_[row_].size() > column_) lines_[row_].resize(column_);
  } else if (what == "[J") {
    if (lines_[row_].size() > column_) lines_[row_].resize(column_);
    for (std::size_t row = row_ + 1; row < lines_.size(); ++row) lines_[row].clear();
  } else if (what == "[?1049h" || what == "[?1049l") {
    other_ = what.ends_with('h');
    clear();
  } else if (what != "[?25l" && what != "[?25h") {
    throw std::runtime_error("the program writes the unknown sequence ESC " + what);
  }
}

void PseudoTerminal::clear() {
  for (std::string& line : lines_) line.clear();
  row_ = column_ = 0;
}

std::string PseudoTerminal::screen() {
  read_all();
  std::string all;
  for (const std::string& line : lines_) {
    const auto end = line.find_last_not_of(' ');
    all += (end == std::string::npos ? "" : line.substr(0, end + 1)) + "\n";
  }
  return all;
}

bool PseudoTerminal::shows_other_screen() {
  read_all();
  return other_;
}

bool PseudoTerminal::echoes() {
  termios now{};
  return tcgetattr(terminal_, &now) == 0 && (now.c_lflag & ECHO) != 0;
}

void PseudoTerminal::type(const std::string& keys) {
  if (write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
    throw std::system_error(errno, std::generic_category(), "typing");
}

void PseudoTerminal::resize(std::size_t rows, std::size_t columns) {
  read_all();
  lines_.assign(rows, "");
  row_ = column_ = 0;
  winsize size = size_of(rows, columns);
  ioctl(terminal_, TIOCSWINSZ, &size);
}

void PseudoTerminal::signal(int number) const { kill(pid_, number); }

std::optional<int> PseudoTerminal::wait(std::chrono::milliseconds timeout) {
  const auto give_up = std::chrono::steady_clock::now() + timeout;
  while (!exit_code_) {
    read_all();  // or it could not write its last
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_)
      exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    else if (std::chrono::steady_clock::now() >= give_up)
      return std::nullopt;
    else
      usleep(5000);
  }
  read_all();
  return exit_code_;
}

}  // namespace gantry::test
