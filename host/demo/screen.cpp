#include "demo/screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace gantry::demo {
namespace {

constexpr std::size_t kStepWidth = 12;
constexpr std::size_t kDoneWidth = 76;
constexpr std::size_t kWhereWidth = 36;
constexpr std::size_t kWhatWidth = 31;
constexpr std::size_t kSentenceWidth = 56;

// In characters: of UTF-8, a byte that begins one.
std::size_t width(const std::string& text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

std::string padded(const std::string& text, std::size_t to) {
  const std::size_t size = width(text);
  return size < to ? text + std::string(to - size, ' ') : text + ' ';
}

// A line that is wider than the terminal could not be overwritten.
std::string cut(const std::string& text, std::size_t to) {
  std::size_t end = 0;
  for (std::size_t count = 0; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
    if (begins && ++count > to) break;
  }
  return text.substr(0, end);
}

std::size_t columns() {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return known ? size.ws_col - 1U : 79U;
}

std::string seconds(std::chrono::steady_clock::duration time) {
  char text[32];
  std::snprintf(text, sizeof text, "%5.1f s",
                std::chrono::duration_cast<std::chrono::duration<double>>(time).count());
  return text;
}

}  // namespace

Screen::Screen()
    : terminal_(isatty(STDOUT_FILENO) != 0),
      colours_(terminal_ && std::getenv("NO_COLOR") == nullptr) {}

std::string Screen::bold(const std::string& text) const { return coloured("1", text); }

std::string Screen::coloured(const char* colour, const std::string& text) const {
  return colours_ ? std::string("\x1b[") + colour + 'm' + text + "\x1b[0m" : text;
}

void Screen::heading(const std::string& text) { std::cout << '\n' << bold(text) << '\n'; }

void Screen::begin(const std::string& step) {
  step_ = step;
  begun_ = std::chrono::steady_clock::now();
  doing("");
}

void Screen::doing(const std::string& text) {
  if (!terminal_) return;
  const std::string line = "  · " + padded(step_, kStepWidth) + text;
  std::cout << "\r\x1b[K" << cut(line, columns()) << std::flush;
}

void Screen::done(const std::string& text) {
  if (terminal_) std::cout << "\r\x1b[K";
  std::cout << "  " << coloured("32", "✓") << ' ' << padded(step_, kStepWidth)
            << padded(text, kDoneWidth) << seconds(std::chrono::steady_clock::now() - begun_)
            << '\n'
            << std::flush;
  step_.clear();
}

void Screen::gone() {
  if (step_.empty()) return;
  if (terminal_) std::cout << "\r\x1b[K";
  std::cout << "  " << coloured("31", "✗") << ' ' << step_ << '\n' << std::flush;
  step_.clear();
}

void Screen::row(const std::string& where, const std::string& what, std::int64_t number,
                 const std::string& seen_in) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%6lld", static_cast<long long>(number));
  std::cout << "  " << padded(where, kWhereWidth) << padded(what, kWhatWidth) << digits << "   "
            << seen_in << '\n';
}

void Screen::verdict(bool good, const std::string& text, const std::string& detail) {
  std::cout << "  " << (good ? coloured("32", "✓") : coloured("31", "✗")) << ' '
            << padded(text, kSentenceWidth) << detail << '\n';
}

void Screen::line(const std::string& text) { std::cout << text << '\n' << std::flush; }

}  // namespace gantry::demo
