// What a test reads back from the fake host: plain copies, the test's own.
#pragma once

#include <chrono>
#include <cstdint>
#include <gantry/context.hpp>
#include <gantry/verdict.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gantry::testing {

using Fields = std::vector<std::pair<std::string, std::optional<std::string>>>;  // nullopt: null

// What became of one message.
struct Result {
  gantry_slot slot = 0;
  Verdict::Kind kind = Verdict::Kind::ok;  // pending: not settled yet, see FakeHost::wait
  std::string reason;
  std::string error_class;
  std::chrono::milliseconds retry_after{0};

  bool is_ok() const { return kind == Verdict::Kind::ok; }
  bool is_retry() const { return kind == Verdict::Kind::retry; }
  bool is_reject() const { return kind == Verdict::Kind::reject; }
  bool is_unavailable() const { return kind == Verdict::Kind::unavailable; }
  bool is_pending() const { return kind == Verdict::Kind::pending; }
};

// A record that would have gone to a topic: published for a slot that was settled ok, or resolved
// for the outbox.
struct Published {
  gantry_slot slot = 0;
  std::string output;
  std::optional<std::string> key;  // as the handler gave it
  std::optional<std::string> value;
  Fields headers;
};

struct Reply {
  int status = 200;
  std::string content_type;
  std::string body;
  Fields headers;
};

struct LogLine {
  LogLevel level = LogLevel::info;
  std::string text;
  gantry_slot about = 0;
};

}  // namespace gantry::testing
