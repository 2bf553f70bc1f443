#include "route/journal/crash_journal.hpp"

#include <algorithm>
#include <cstring>

namespace gantry::route {
namespace {

std::uint32_t capacity_of(const JournaledRoute& route) {
  return std::min(route.capacity, CrashJournal::kMostInHand);
}

template <typename T>
void store(T& to, T value) {
  __atomic_store_n(&to, value, __ATOMIC_RELEASE);
}

}  // namespace

CrashJournal::CrashJournal(const std::filesystem::path& file)
    : file_(file), last_(read_journal(file_.read())) {}

void CrashJournal::begin(const std::vector<JournaledRoute>& routes) {
  file_.begin();
  header_ = new (file_.append(sizeof(journal::Header))) journal::Header{};
  header_->version = journal::kVersion;
  header_->page = static_cast<std::uint32_t>(JournalFile::whole_pages(sizeof(journal::Header)));
  header_->crashes = last_.crashes;
  append(routes, last_.suspects);
  std::memcpy(header_->magic, journal::kMagic, sizeof header_->magic);
  file_.take_place();
}

void CrashJournal::add(const std::vector<JournaledRoute>& routes) { append(routes, {}); }

void CrashJournal::append(const std::vector<JournaledRoute>& routes,
                          const std::vector<Suspect>& suspects) {
  const auto first_topic = static_cast<std::uint32_t>(topics_.size());
  number_topics(routes, suspects);
  journal::Section section{};
  section.topics = static_cast<std::uint32_t>(topics_.size()) - first_topic;
  section.suspects = static_cast<std::uint32_t>(suspects.size());
  std::size_t size = sizeof section + section.topics * sizeof(journal::Topic) +
                     suspects.size() * sizeof(journal::SuspectRecord);
  for (const JournaledRoute& route : routes) {
    section.hands += route.hands;
    size += route.hands * journal::hand_size(capacity_of(route));
  }
  section.size = JournalFile::whole_pages(size);

  char* const at = room_for(size, first_topic);
  new (at) journal::Section{section};
  char* rest = write_topics(at + sizeof section, first_topic);
  rest = write_hands(rest, routes);
  write_suspects(rest, suspects);
  store(header_->sections, header_->sections + 1);
}

// The reader numbers topics by where they stand in the file: those that did not get there have no
// number.
char* CrashJournal::room_for(std::size_t size, std::uint32_t first_topic) {
  try {
    return file_.append(size);
  } catch (...) {
    std::erase_if(topics_, [&](const auto& topic) { return topic.second >= first_topic; });
    throw;
  }
}

// Of the routes, and of suspects whose route is not there now.
void CrashJournal::number_topics(const std::vector<JournaledRoute>& routes,
                                 const std::vector<Suspect>& suspects) {
  const auto number = [this](const std::string& group, const std::string& topic) {
    topics_.try_emplace({group, topic}, static_cast<std::uint32_t>(topics_.size()));
  };
  for (const JournaledRoute& route : routes)
    for (const std::string& topic : route.topics) number(route.group, topic);
  for (const Suspect& suspect : suspects) number(suspect.message.group, suspect.message.topic);
}

char* CrashJournal::write_topics(char* at, std::uint32_t from) const {
  auto* all = reinterpret_cast<journal::Topic*>(at);
  for (const auto& [names, number] : topics_) {
    if (number < from) continue;
    const auto& [group, topic] = names;
    auto* one = new (all + (number - from)) journal::Topic{};
    // A group's name that does not fit is cut, and then nobody is found by it and suspected.
    one->topic_size = static_cast<std::uint32_t>(std::min(topic.size(), sizeof one->text));
    one->group_size =
        static_cast<std::uint32_t>(group.copy(one->text, sizeof one->text - one->topic_size));
    topic.copy(one->text + one->group_size, one->topic_size);
  }
  return at + (topics_.size() - from) * sizeof(journal::Topic);
}

char* CrashJournal::write_hands(char* at, const std::vector<JournaledRoute>& routes) {
  for (const JournaledRoute& route : routes) {
    Route made;
    for (const std::string& topic : route.topics)
      made.topics[topic] = topics_.at({route.group, topic});
    for (std::uint32_t i = 0; i < route.hands; ++i) {
      auto* hand = new (at) journal::Hand{};
      hand->capacity = capacity_of(route);
      hand->pends = route.pends ? 1 : 0;
      hand->route = journaled_;
      made.hands.emplace_back(hand, hands_++);
      at += journal::hand_size(hand->capacity);
    }
    ++journaled_;
    routes_[route.name] = std::move(made);
  }
  return at;
}

void CrashJournal::write_suspects(char* at, const std::vector<Suspect>& suspects) {
  auto* all = reinterpret_cast<journal::SuspectRecord*>(at);
  for (std::size_t i = 0; i < suspects.size(); ++i) {
    const auto& [message, crashes] = suspects[i];
    new (all + i) journal::SuspectRecord{{.offset = message.offset,
                                          .timestamp_ms = message.timestamp_ms,
                                          .partition = message.partition,
                                          .topic = topics_.at({message.group, message.topic})},
                                         crashes,
                                         0};
  }
  if (suspects_ == nullptr) suspects_ = all;
}

CrashJournal::Route CrashJournal::route(const std::string& name) const {
  const auto found = routes_.find(name);
  return found == routes_.end() ? Route{} : found->second;
}

void CrashJournal::clear(std::uint32_t suspect) {
  store(suspects_[suspect].record.offset, std::int64_t{-1});
}

bool CrashJournal::cleared(std::uint32_t suspect) const {
  return __atomic_load_n(&suspects_[suspect].record.offset, __ATOMIC_RELAXED) < 0;
}

void CrashJournal::strictly_alone(bool strictly) { store(header_->strictly, strictly ? 1u : 0u); }

void CrashJournal::mark(std::int32_t signal) noexcept {
  if (__atomic_load_n(&header_->signal, __ATOMIC_RELAXED) != 0) return;
  header_->thread = thread_owner();
  store(header_->signal, signal);
}

void CrashJournal::unmark() noexcept { store(header_->signal, std::int32_t{0}); }

void CrashJournal::close() {
  for (std::uint32_t i = 0; i < last_.suspects.size(); ++i) {
    if (cleared(i)) continue;
    store(header_->ended, 1u);
    return;
  }
  std::memset(header_->magic, 0, sizeof header_->magic);
  file_.remove();
}

}  // namespace gantry::route
