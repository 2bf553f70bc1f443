#include "cli/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>
#include <system_error>

namespace gantry::cli {
namespace {

constexpr const char* kEnter = "\x1b[?1049h\x1b[?25l";  // the other screen, without a cursor
constexpr const char* kLeave = "\x1b[?25h\x1b[?1049l";

bool write_all(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = write(STDOUT_FILENO, text.data() + at, text.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    at += static_cast<std::size_t>(written);
  }
  return true;
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

}  // namespace

std::string clipped(const std::string& text, std::size_t lines, std::size_t columns) {
  std::istringstream in(text);
  std::string out;
  std::string line;
  for (std::size_t row = 0; row < lines && std::getline(in, line); ++row) {
    std::size_t width = 0;
    std::size_t end = 0;
    while (end < line.size() && (width < columns || !begins_character(line[end])))
      width += begins_character(line[end++]) ? 1 : 0;
    out += (row == 0 ? "" : "\n") + line.substr(0, end);
  }
  return out;
}

Waiting::Waiting(bool keys) : keys_(keys) {
  sigset_t wanted;
  sigemptyset(&wanted);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGWINCH}) sigaddset(&wanted, signal);
  pthread_sigmask(SIG_BLOCK, &wanted, &before_);
  signals_ = signalfd(-1, &wanted, SFD_CLOEXEC);
  if (signals_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

Waiting::~Waiting() {
  close(signals_);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

Waiting::What Waiting::wait(std::chrono::milliseconds time) {
  pollfd events[2] = {{signals_, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  const int count = poll(events, keys_ ? 2 : 1, static_cast<int>(time.count()));
  if (count <= 0) return What::time;
  if (events[0].revents != 0) return read_signal();
  return read_key();
}

Waiting::What Waiting::read_signal() const {
  signalfd_siginfo info{};
  if (read(signals_, &info, sizeof info) != sizeof info) return What::time;
  return info.ssi_signo == SIGWINCH ? What::resized : What::end;
}

Waiting::What Waiting::read_key() {
  return read(STDIN_FILENO, &key_, 1) == 1 ? What::key : What::end;
}

Screen::Screen() {
  if (tcgetattr(STDIN_FILENO, &before_) == 0) {
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    raw.c_cc[VSUSP] = _POSIX_VDISABLE;  // stopped, it would leave the shell with this screen
    changed_ = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
  }
  write_all(kEnter);
}

Screen::~Screen() {
  write_all(kLeave);
  if (changed_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

bool Screen::show(const std::string& text) const {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
    size = {.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  // Each line is cleared before it is written: behind one that fills its row the cursor still
  // stands on the last character.
  std::string out = "\x1b[H\x1b[K";
  std::size_t rows = 1;
  for (const char c : clipped(text, size.ws_row, size.ws_col)) {
    out += c == '\n' ? std::string("\n\x1b[K") : std::string(1, c);
    rows += c == '\n' ? 1 : 0;
  }
  if (rows < size.ws_row) out += "\n\x1b[J";
  return write_all(out);
}

}  // namespace gantry::cli
