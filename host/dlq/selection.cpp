#include "dlq/selection.hpp"

#include <algorithm>
#include <tuple>

namespace gantry::dlq {
namespace {

std::string owner_of(const Letter& letter) {
  if (!letter.route.empty()) return letter.route;
  if (letter.group.empty()) return "-";
  std::string owner = "(";
  owner += letter.group;
  owner += ')';
  return owner;
}

// Few are told apart, so that a search from the front is the fastest.
template <typename T, typename Same>
std::uint32_t index_of(std::vector<T>& list, const Same& same, const T& otherwise) {
  auto found = std::ranges::find_if(list, same);
  if (found == list.end()) found = list.insert(found, otherwise);
  return static_cast<std::uint32_t>(found - list.begin());
}

}  // namespace

void Selection::add(const Letter& letter) {
  const Group kind{owner_of(letter), letter.reason,
                   letter.original ? letter.original->topic : std::string("-")};
  const auto same = [&](const Group& other) {
    return other.owner == kind.owner && other.reason == kind.reason && other.topic == kind.topic;
  };
  const auto same_topic = [&](const std::string& other) { return other == letter.id.topic; };
  rows_.push_back({letter.time_ms, letter.id.offset, letter.id.partition,
                   index_of(topics_, same_topic, letter.id.topic), index_of(kinds_, same, kind)});
}

void Selection::close(std::size_t limit) {
  const auto place = [](const Row& row) {
    return std::tuple(row.topic, row.partition, row.offset);
  };
  if (limit != 0 && limit < rows_.size()) {
    std::ranges::sort(rows_, {}, [&](const Row& row) {
      return std::tuple_cat(std::tuple(row.time_ms), place(row));
    });
    rows_.resize(limit);
  }
  std::ranges::sort(rows_, {}, place);
}

bool Selection::contains(const LetterId& id) const {
  const auto topic = std::ranges::find(topics_, id.topic);
  if (topic == topics_.end()) return false;
  const auto wanted =
      std::tuple(static_cast<std::uint32_t>(topic - topics_.begin()), id.partition, id.offset);
  return std::ranges::binary_search(rows_, wanted, {}, [](const Row& row) {
    return std::tuple(row.topic, row.partition, row.offset);
  });
}

std::vector<Group> Selection::groups() const {
  std::vector<Group> groups = kinds_;
  for (const Row& row : rows_) {
    Group& group = groups[row.kind];
    group.first_ms = group.count == 0 ? row.time_ms : std::min(group.first_ms, row.time_ms);
    group.last_ms = group.count == 0 ? row.time_ms : std::max(group.last_ms, row.time_ms);
    ++group.count;
  }
  std::erase_if(groups, [](const Group& group) { return group.count == 0; });
  std::ranges::sort(groups, {}, [](const Group& group) {
    return std::tuple(group.owner, group.reason, group.topic);
  });
  return groups;
}

kafka::Extent Selection::extent(const std::string& topic) const {
  kafka::Extent extent;
  for (const Row& row : rows_) {
    if (topics_[row.topic] != topic) continue;
    const auto [found, added] =
        extent.try_emplace(row.partition, kafka::OffsetRange{row.offset, row.offset + 1});
    if (added) continue;
    found->second.begin = std::min(found->second.begin, row.offset);
    found->second.end = std::max(found->second.end, row.offset + 1);
  }
  return extent;
}

}  // namespace gantry::dlq
