#include "observe/log.hpp"

#include <poll.h>
#include <pthread.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "observe/line.hpp"
#include "observe/repeats.hpp"

namespace gantry::log {
namespace {

// One write(2) a line, so that lines of several processes on one pipe or file do not run into each
// other.
class StandardError : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    const char* data = line.data();
    std::size_t left = line.size();
    while (left > 0) {
      const ssize_t written = ::write(STDERR_FILENO, data, left);
      if (written >= 0) {
        data += written;
        left -= static_cast<std::size_t>(written);
      } else if (errno == EAGAIN) {  // whoever started us made it non-blocking
        pollfd ready{STDERR_FILENO, POLLOUT, 0};
        ::poll(&ready, 1, -1);
      } else if (errno != EINTR) {
        return;  // nobody reads: there is no other place to say so
      }
    }
  }
  void flush_() override {}
};

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

class Log {
 public:
  Log() : logger_("gantry", std::make_shared<StandardError>()) {
    logger_.set_formatter(
        std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc, "\n"));
    logger_.set_level(spdlog::level::debug);  // what is written was let through here
  }

  void configure(Format format, Level level, Levels levels) {
    const std::lock_guard lock(mutex_);
    format_ = format;
    level_ = level;
    levels_ = std::move(levels);
    Level lowest = level;
    for (const auto& [component, own] : levels_) lowest = std::min(lowest, own);
    lowest_ = lowest;
  }

  void write(Level level, std::string_view component, std::string_view message,
             std::span<const Field> fields) {
    if (level < lowest_.load(std::memory_order_relaxed)) return;
    observe::LineKind kind{std::string(component), std::string(message), {}};
    for (const Field& field : fields) {
      const auto* text = std::get_if<std::string>(&field.value);
      if (field.name == "route" && text != nullptr) kind.route = *text;
    }
    const std::lock_guard lock(mutex_);
    const auto own = levels_.find(component);
    if (level < (own == levels_.end() ? level_ : own->second)) return;
    const auto now = observe::Repeats::Clock::now();
    say_left_out(now, false);
    if (repeats_.admit(std::move(kind), level, now)) {
      emit(level, component, message, fields);
    }
  }

  void flush() {
    const std::lock_guard lock(mutex_);
    say_left_out(observe::Repeats::Clock::now(), true);
  }

  // A fork while another thread writes would leave the child a mutex that nobody unlocks.
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

 private:
  void emit(Level level, std::string_view component, std::string_view message,
            std::span<const Field> fields) {
    const observe::Event event{std::chrono::system_clock::now(), level, component, message, fields};
    const std::string line =
        format_ == Format::json ? observe::json_line(event) : observe::text_line(event);
    logger_.log(spdlog_level(level), spdlog::string_view_t(line));  // as it is: no format string
  }

  void say_left_out(observe::Repeats::Clock::time_point now, bool all) {
    for (const observe::LeftOut& left_out : repeats_.collect(now, all)) {
      std::vector<Field> fields{{"lines", left_out.lines}, {"repeated", left_out.kind.message}};
      if (!left_out.kind.route.empty()) fields.emplace_back("route", left_out.kind.route);
      emit(left_out.level, left_out.kind.component, "repeated lines were left out", fields);
    }
  }

  std::mutex mutex_;
  Format format_ = Format::text;
  Level level_ = Level::info;
  Levels levels_;
  std::atomic<Level> lowest_{Level::info};  // of all of them
  spdlog::logger logger_;
  observe::Repeats repeats_;
};

// Never destroyed: threads and destructors may log until the very end of the process.
Log& the_log() {
  static Log* const log = [] {
    auto* made = new Log;
    std::atexit(flush);
    return made;
  }();
  static const int forks_handled = pthread_atfork(
      [] { the_log().lock(); }, [] { the_log().unlock(); }, [] { the_log().unlock(); });
  static_cast<void>(forks_handled);
  return *log;
}

}  // namespace

void configure(Format format, Level level, Levels levels) {
  the_log().configure(format, level, std::move(levels));
}

void flush() {
  try {
    the_log().flush();
  } catch (const std::exception&) {  // out of memory: the count stays until the next time
  }
}

void write(Level level, std::string_view component, std::string_view message,
           std::span<const Field> fields) {
  try {
    the_log().write(level, component, message, fields);
  } catch (
      const std::exception&) {  // out of memory: a line is not worth an exception in its caller
  }
}

}  // namespace gantry::log
