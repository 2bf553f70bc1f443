#include "dlq/settled.hpp"

#include <boost/json.hpp>
#include <chrono>

#include "kafka/letter_topics.hpp"
#include "observe/line.hpp"

namespace gantry::dlq {
namespace {

namespace json = boost::json;

constexpr const char* kLetterTime = "letterTime";

std::string key_of(std::int32_t partition, std::int64_t offset) {
  return std::to_string(partition) + ':' + std::to_string(offset);
}

// nullopt: not one of these records.
std::optional<std::int64_t> letter_time(const std::string& value) {
  json::error_code error;
  const json::value parsed = json::parse(value, error);
  const json::object* object = error ? nullptr : parsed.if_object();
  const json::value* time = object != nullptr ? object->if_contains(kLetterTime) : nullptr;
  if (time == nullptr || !time->is_int64()) return std::nullopt;
  return time->get_int64();
}

}  // namespace

std::string_view action_name(Action action) {
  return action == Action::replayed ? "replayed" : "discarded";
}

route::OutRecord settled_record(const Letter& letter, Action action, const std::string& by,
                                std::int64_t at_ms) {
  const std::chrono::system_clock::time_point at{std::chrono::milliseconds(at_ms)};
  route::OutRecord record;
  record.topic = kafka::settled_topic_name(letter.id.topic);
  record.key = key_of(letter.id.partition, letter.id.offset);
  record.value = json::serialize(json::object{{"action", action_name(action)},
                                              {"by", by},
                                              {"at", observe::rfc3339(at)},
                                              {kLetterTime, letter.time_ms}});
  return record;
}

route::OutRecord forget_record(const std::string& dead_letter_topic, const std::string& key) {
  route::OutRecord record;
  record.topic = kafka::settled_topic_name(dead_letter_topic);
  record.key = key;
  return record;
}

void Settled::take(const route::OutRecord& record) {
  if (!record.key) return;
  const auto id = parse_letter_id(*record.key, "letters");  // the key alone names no topic
  if (!id) return;
  if (!record.value) {
    times_[id->partition].erase(id->offset);
  } else if (const auto time = letter_time(*record.value)) {
    times_[id->partition][id->offset] = *time;
  }
}

bool Settled::contains(const Letter& letter) const {
  const auto partition = times_.find(letter.id.partition);
  if (partition == times_.end()) return false;
  const auto time = partition->second.find(letter.id.offset);
  return time != partition->second.end() && time->second == letter.time_ms;
}

std::vector<std::string> Settled::obsolete(const kafka::Extent& letters) const {
  std::vector<std::string> keys;
  for (const auto& [partition, times] : times_) {
    const auto range = letters.find(partition);
    if (range == letters.end()) continue;
    for (const auto& [offset, time] : times)
      if (offset < range->second.begin) keys.push_back(key_of(partition, offset));
  }
  return keys;
}

}  // namespace gantry::dlq
