// What the probe plugin wrote to its file, as values. Used on the test's thread, also while the
// host goes on writing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/wait.hpp"

namespace gantry::test {

struct ProbeCall {
  std::string event;  // "begin", "end"
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string key;  // "-": none
  int attempt = 0;
  std::int64_t time_ms = 0;
};

class ProbeFile {
 public:
  explicit ProbeFile(std::filesystem::path file) : file_(std::move(file)) {}
  const std::filesystem::path& path() const { return file_; }

  std::vector<ProbeCall> calls(const std::string& event = "begin") const;
  std::vector<ProbeCall> calls(const std::set<std::string>& events) const;  // as they came
  std::vector<ProbeCall> calls_of(const std::string& key, const std::string& event = "begin") const;
  void wait_for(std::size_t count, const std::string& event,
                std::chrono::milliseconds timeout = 120s) const;
  void wait_for_key(const std::string& key, const std::string& event = "end",
                    std::chrono::milliseconds timeout = 120s) const;
  // A sentence about the first key whose messages did not begin in the order of their offsets;
  // empty when all did. A message that came again, as after a crash, may start its key's row again
  // from there.
  std::string order_problem() const;
  // How many different messages were called.
  std::size_t distinct_messages() const;

 private:
  std::filesystem::path file_;
};

}  // namespace gantry::test
