#include "cli/progress.hpp"

#include <utility>

namespace gantry::cli {

Progress::Progress(std::ostream& out, bool terminal, std::string what, std::size_t total)
    : out_(out), terminal_(terminal), what_(std::move(what)), total_(total) {}

Progress::~Progress() {
  if (line_) out_ << std::endl;
}

void Progress::at(std::size_t done) {
  if (total_ == 0 || done == 0) return;
  std::size_t percent = done * 100 / total_;
  if (!terminal_) percent -= percent % 10;
  if (percent <= shown_) return;
  shown_ = percent;
  if (terminal_) out_ << "\r\x1b[K";
  out_ << what_ << ' ' << done << " of " << total_ << " (" << percent << " %)";
  if (!terminal_) out_ << '\n';
  out_ << std::flush;
  line_ = terminal_;
}

}  // namespace gantry::cli
