#include "route/journal/last_run.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <functional>
#include <optional>
#include <set>

#include "route/journal/journal_format.hpp"
#include "route/journal/thread_owner.hpp"

namespace gantry::route {
namespace {

// After so many crashes in a row the culprit is not where it is looked for, as when it spoils
// memory that others stumble over: then all that was in flight is suspected.
constexpr std::uint32_t kLookEverywhereAfter = 3;

// What one hand held.
struct Held {
  bool pends = false;
  std::uint32_t route = 0;
  std::vector<JournaledMessage> messages;
};

// Reads a file front to back; nothing of it is trusted.
class Reader {
 public:
  explicit Reader(std::string_view file) : file_(file), rest_(file) {}

  template <typename T>
  std::optional<T> take() {
    T value;
    if (rest_.size() < sizeof value) return std::nullopt;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  bool to_next_line() {
    const std::size_t at = file_.size() - rest_.size();
    const std::size_t skip = (journal::kLine - at % journal::kLine) % journal::kLine;
    if (skip > rest_.size()) return false;
    rest_.remove_prefix(skip);
    return true;
  }

 private:
  const std::string_view file_;
  std::string_view rest_;
};

class Journal {
 public:
  // False: it is not a whole journal.
  bool read(std::string_view file) {
    const auto header = Reader{file}.take<journal::Header>();
    if (!header || std::memcmp(header->magic, journal::kMagic, sizeof header->magic) != 0 ||
        header->version != journal::kVersion || header->page > file.size())
      return false;
    head = *header;
    file.remove_prefix(head.page);
    for (std::uint32_t i = 0; i < head.sections; ++i) {
      const auto section = Reader{file}.take<journal::Section>();
      if (!section || section->size < sizeof *section || section->size > file.size()) return false;
      Reader reader{file.substr(0, section->size)};
      reader.take<journal::Section>();
      if (!read_topics(reader, section->topics) || !read_hands(reader, section->hands) ||
          !read_suspects(reader, section->suspects))
        return false;
      file.remove_prefix(section->size);
    }
    return true;
  }

  journal::Header head{};
  std::vector<Held> hands;
  std::vector<Suspect> suspects;

 private:
  bool read_topics(Reader& reader, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto topic = reader.take<journal::Topic>();
      if (!topic || topic->group_size > sizeof topic->text ||
          topic->topic_size > sizeof topic->text - topic->group_size)
        return false;
      topics_.push_back({.group = std::string(topic->text, topic->group_size),
                         .topic = std::string(topic->text + topic->group_size, topic->topic_size)});
    }
    return true;
  }
  bool read_hands(Reader& reader, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto hand = reader.take<journal::Hand>();
      if (!hand || hand->count > hand->capacity) return false;
      Held& held = hands.emplace_back();
      held.pends = hand->pends != 0;
      held.route = hand->route;
      for (std::uint32_t r = 0; r < hand->capacity; ++r) {
        const auto record = reader.take<journal::Record>();
        if (!record) return false;
        if (r >= hand->count || record->offset < 0) continue;
        if (const auto message = message_of(*record)) held.messages.push_back(*message);
      }
      if (!reader.to_next_line()) return false;
    }
    return true;
  }
  bool read_suspects(Reader& reader, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto suspect = reader.take<journal::SuspectRecord>();
      if (!suspect) return false;
      const auto message = message_of(suspect->record);
      if (suspect->record.offset >= 0 && message) suspects.push_back({*message, suspect->crashes});
    }
    return true;
  }
  std::optional<JournaledMessage> message_of(const journal::Record& record) const {
    if (record.topic >= topics_.size()) return std::nullopt;
    JournaledMessage message = topics_[record.topic];
    message.partition = record.partition;
    message.offset = record.offset;
    message.timestamp_ms = record.timestamp_ms;
    return message;
  }

  std::vector<JournaledMessage> topics_;
};

std::string name_of_death(std::int32_t signal) {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGABRT:
      return "SIGABRT";
    case SIGBUS:
      return "SIGBUS";
    case SIGFPE:
      return "SIGFPE";
    case SIGILL:
      return "SIGILL";
    case SIGTRAP:
      return "SIGTRAP";
    case SIGSYS:
      return "SIGSYS";
    case SIGXFSZ:
      return "SIGXFSZ";
    case journal::kExit:
      return "exit()";
    default:
      return "signal " + std::to_string(signal);
  }
}

using Messages = std::set<JournaledMessage>;

Messages in_hands(const Journal& journal, const std::function<bool(const Held&)>& whose) {
  Messages all;
  for (const Held& hand : journal.hands)
    if (whose(hand)) all.insert(hand.messages.begin(), hand.messages.end());
  return all;
}

Messages in_all_hands(const Journal& journal) {
  return in_hands(journal, [](const Held&) { return true; });
}

// What the thread that crashed may have worked on: all, where nobody knows whose it was.
Messages worked_on(const Journal& journal) {
  const std::uint32_t thread = journal.head.thread;
  if (thread == owner::kUnknown) return in_all_hands(journal);
  const std::size_t hand = (thread & ~owner::kKin) - 1;
  if (hand >= journal.hands.size()) return {};
  const Held& own = journal.hands[hand];
  if ((thread & owner::kKin) == 0) return {own.messages.begin(), own.messages.end()};
  return in_hands(journal, [&](const Held& other) { return other.route == own.route; });
}

// A suspect is only ever handed out alone. Where nobody knows whose thread crashed, it has done it
// when nothing else at all was in any hands, and its handler may work on it beyond the call.
bool alone_in(const Journal& journal, const Messages& worked_on) {
  if (worked_on.size() != 1) return false;
  return journal.head.thread != owner::kUnknown ||
         (journal.head.strictly != 0 && std::ranges::all_of(journal.hands, [](const Held& hand) {
            return hand.pends || hand.messages.empty();
          }));
}

// Counts the crash against the suspect that was handled alone, or adds suspects.
void judge(const Journal& journal, LastRun& last) {
  Messages culprits = worked_on(journal);
  const auto known = [&last](const JournaledMessage& message) {
    return std::ranges::find(last.suspects, message, &Suspect::message);
  };
  if (alone_in(journal, culprits)) {
    if (const auto suspect = known(*culprits.begin()); suspect != last.suspects.end()) {
      ++suspect->crashes;
      return;
    }
  }
  if (last.crashes >= kLookEverywhereAfter) culprits.merge(in_all_hands(journal));
  for (const Suspect& suspect : last.suspects) culprits.erase(suspect.message);
  for (const JournaledMessage& message : culprits) last.suspects.push_back({message});
}

}  // namespace

LastRun read_journal(std::string_view file) {
  LastRun last;
  if (file.empty()) return last;
  last.end = LastRun::End::unclean;
  Journal journal;
  if (!journal.read(file)) return last;
  last.suspects = std::move(journal.suspects);
  if (journal.head.ended != 0) {
    last.end = LastRun::End::clean;
    return last;
  }
  for (const Held& hand : journal.hands)
    last.in_flight.insert(last.in_flight.end(), hand.messages.begin(), hand.messages.end());
  last.crashes = journal.head.crashes;
  if (journal.head.signal == 0) return last;

  last.end = LastRun::End::crashed;
  last.death = name_of_death(journal.head.signal);
  ++last.crashes;
  judge(journal, last);
  return last;
}

}  // namespace gantry::route
