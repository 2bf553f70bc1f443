// What the crash journal of the run before says: how it ended, what was in handlers' hands, and
// which of these messages are suspected of it. Pure; start-up, and tools.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gantry::route {

struct JournaledMessage {
  std::string group;
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::int64_t timestamp_ms = 0;
  // clang-tidy 14 takes the comparison's own 0 for a pointer.
  auto operator<=>(const JournaledMessage&) const = default;  // NOLINT(modernize-use-nullptr)
};

struct Suspect {
  JournaledMessage message;
  std::uint32_t crashes = 0;  // of the process, while this message was handled alone
  auto operator<=>(const Suspect&) const = default;
};

struct LastRun {
  enum class End { clean, unclean, crashed } end = End::clean;
  std::string death;                        // "SIGSEGV", "exit()"; empty: not known
  std::vector<JournaledMessage> in_flight;  // when it ended
  // To be handled alone: those of the crash, and those before it that are not cleared yet.
  std::vector<Suspect> suspects;
  std::uint32_t crashes = 0;  // in a row, up to now
};

// The bytes of the file; empty: there is none. What is not a whole journal says nothing.
LastRun read_journal(std::string_view file);

}  // namespace gantry::route
