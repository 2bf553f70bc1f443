#include "probe_calls.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <tuple>
#include <utility>

#include "support/temp_folder.hpp"

namespace gantry::test {

std::vector<ProbeCall> ProbeFile::calls(const std::string& event) const {
  return calls(std::set{event});
}

std::vector<ProbeCall> ProbeFile::calls(const std::set<std::string>& events) const {
  std::string text = read_file(file_);
  text.resize(text.rfind('\n') + 1);  // npos + 1 is 0: no whole line yet
  std::istringstream lines(text);
  std::vector<ProbeCall> result;
  ProbeCall call;
  while (lines >> call.event >> call.topic >> call.partition >> call.offset >> call.key >>
         call.attempt >> call.time_ms) {
    if (events.contains(call.event)) result.push_back(call);
  }
  return result;
}

std::vector<ProbeCall> ProbeFile::calls_of(const std::string& key, const std::string& event) const {
  std::vector<ProbeCall> result = calls(event);
  std::erase_if(result, [&](const ProbeCall& call) { return call.key != key; });
  return result;
}

void ProbeFile::wait_for(std::size_t count, const std::string& event,
                         std::chrono::milliseconds timeout) const {
  eventually([&] { return calls(event).size() >= count; }, timeout,
             [&] {
               return std::to_string(count) + " " + event + " lines of the probe; there are " +
                      std::to_string(calls(event).size());
             });
}

void ProbeFile::wait_for_key(const std::string& key, const std::string& event,
                             std::chrono::milliseconds timeout) const {
  eventually([&] { return !calls_of(key, event).empty(); }, timeout,
             "the probe to " + event + " a message with the key " + key);
}

std::string ProbeFile::order_problem() const {
  std::map<std::pair<std::string, std::string>, std::set<std::int64_t>> seen;
  for (const ProbeCall& call : calls()) {
    auto& offsets = seen[{call.topic, call.key}];
    if (!offsets.empty() && call.offset < *offsets.rbegin() && !offsets.contains(call.offset)) {
      return "key " + call.key + ": offset " + std::to_string(call.offset) + " began after " +
             std::to_string(*offsets.rbegin());
    }
    offsets.insert(call.offset);
  }
  return {};
}

std::size_t ProbeFile::distinct_messages() const {
  std::set<std::tuple<std::string, std::int32_t, std::int64_t>> messages;
  for (const ProbeCall& call : calls()) messages.emplace(call.topic, call.partition, call.offset);
  return messages.size();
}

}  // namespace gantry::test
