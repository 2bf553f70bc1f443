#include "dlq/letters.hpp"

#include <algorithm>
#include <utility>

#include "kafka/letter_topics.hpp"

namespace gantry::dlq {
namespace {

// What has to be read of a topic to find these letters; none named: all of it.
kafka::Extent narrowed(const kafka::Extent& extent, const std::string& topic,
                       const std::vector<LetterId>& ids) {
  if (ids.empty()) return extent;
  kafka::Extent narrow;
  for (const LetterId& id : ids) {
    const auto whole = extent.find(id.partition);
    if (id.topic != topic || whole == extent.end()) continue;
    if (id.offset < whole->second.begin || id.offset >= whole->second.end) continue;
    auto& range = narrow.try_emplace(id.partition, kafka::OffsetRange{id.offset, id.offset + 1})
                      .first->second;
    range.begin = std::min(range.begin, id.offset);
    range.end = std::max(range.end, id.offset + 1);
  }
  return narrow;
}

}  // namespace

std::set<std::string> letter_topics(const config::Config& config) {
  std::set<std::string> topics;
  for (const config::Route& route : config.routes) topics.insert(route.dead_letter.topic);
  return topics;
}

Letters::Letters(const config::Config& config, const std::set<std::string>& topics)
    : config_(config), reader_(config) {
  for (const std::string& topic : topics) {
    Box box;
    box.extent = reader_.extent(topic);
    if (box.extent.empty()) continue;
    const std::string marks = kafka::settled_topic_name(topic);
    reader_.read(marks, reader_.extent(marks), [&](kafka::StoredRecord&& stored) {
      box.settled.take(stored.record);
      return true;
    });
    boxes_.emplace(topic, std::move(box));
  }
}

Selection Letters::select(const Filter& filter) {
  Selection selection;
  for (const auto& [topic, box] : boxes_)
    reader_.read(topic, narrowed(box.extent, topic, filter.ids), [&](kafka::StoredRecord&& stored) {
      Letter letter = read_letter(std::move(stored), config_);
      if (!box.settled.contains(letter) && matches(filter, letter, config_)) selection.add(letter);
      return true;
    });
  selection.close(filter.limit);
  return selection;
}

void Letters::each(const Filter& filter, const Selection& selection,
                   const std::function<bool(Letter&&)>& take) {
  bool more = true;
  for (const auto& [topic, box] : boxes_) {
    if (!more) return;
    reader_.read(topic, selection.extent(topic), [&](kafka::StoredRecord&& stored) {
      Letter letter = read_letter(std::move(stored), config_);
      if (selection.contains(letter.id) && matches(filter, letter, config_))
        more = take(std::move(letter));
      return more;
    });
  }
}

std::map<std::string, std::vector<std::string>> Letters::obsolete() const {
  std::map<std::string, std::vector<std::string>> keys;
  for (const auto& [topic, box] : boxes_) keys[topic] = box.settled.obsolete(box.extent);
  return keys;
}

}  // namespace gantry::dlq
