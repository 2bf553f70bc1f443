// How the demo looks: steps with a tick and their time, a table, comparisons. On a terminal a step
// shows what it is doing; elsewhere it is one line when it is done. The main thread's.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gantry::demo {

class Screen {
 public:
  Screen();

  void heading(const std::string& text);
  // One step after the other.
  void begin(const std::string& step);
  void doing(const std::string& text);  // shown until the next, or until done()
  void done(const std::string& text);
  void gone();  // the step under way was broken off

  // A row of the table; an empty `where` is that of the row above.
  void row(const std::string& where, const std::string& what, std::int64_t number,
           const std::string& seen_in);
  void verdict(bool good, const std::string& text, const std::string& detail);
  void line(const std::string& text = "");

 private:
  std::string bold(const std::string& text) const;
  std::string coloured(const char* colour, const std::string& text) const;

  const bool terminal_;
  const bool colours_;
  std::string step_;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace gantry::demo
