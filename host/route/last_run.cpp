#include "route/last_run.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <optional>

#include "route/journal_format.hpp"

namespace gantry::route {
namespace {

// After so many crashes in a row the culprit is not where it is looked for, as when it spoils
// memory that others stumble over: then all that was in flight is suspected.
constexpr std::uint32_t kLookEverywhereAfter = 3;

// What one hand held.
struct Held {
  bool pends = false;
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
    Reader reader{file};
    const auto header = reader.take<journal::Header>();
    if (!header || std::memcmp(header->magic, journal::kMagic, sizeof header->magic) != 0 ||
        header->version != journal::kVersion)
      return false;
    head = *header;
    return read_topics(reader) && read_hands(reader) && read_suspects(reader);
  }

  journal::Header head{};
  std::vector<Held> hands;
  std::vector<Suspect> suspects;
  std::optional<std::size_t> alone;  // in suspects

 private:
  bool read_topics(Reader& reader) {
    for (std::uint32_t i = 0; i < head.topics; ++i) {
      const auto topic = reader.take<journal::Topic>();
      if (!topic || topic->group_size > sizeof topic->text ||
          topic->topic_size > sizeof topic->text - topic->group_size)
        return false;
      topics_.push_back({.group = std::string(topic->text, topic->group_size),
                         .topic = std::string(topic->text + topic->group_size, topic->topic_size)});
    }
    return true;
  }
  bool read_hands(Reader& reader) {
    for (std::uint32_t i = 0; i < head.hands; ++i) {
      const auto hand = reader.take<journal::Hand>();
      if (!hand || hand->count > hand->capacity) return false;
      Held& held = hands.emplace_back();
      held.pends = hand->pends != 0;
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
  bool read_suspects(Reader& reader) {
    for (std::uint32_t i = 0; i < head.suspects; ++i) {
      const auto suspect = reader.take<journal::SuspectRecord>();
      if (!suspect) return false;
      const auto message = message_of(suspect->record);
      if (suspect->record.offset < 0 || !message) continue;
      if (head.alone == i + 1) alone = suspects.size();
      suspects.push_back({*message, suspect->crashes});
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
    case journal::kExit:
      return "exit()";
    default:
      return "signal " + std::to_string(signal);
  }
}

std::vector<JournaledMessage> all_in_flight(const Journal& journal) {
  std::vector<JournaledMessage> all;
  for (const Held& hand : journal.hands)
    all.insert(all.end(), hand.messages.begin(), hand.messages.end());
  return all;
}

// What the crash can have come from.
std::vector<JournaledMessage> under_suspicion(const Journal& journal, std::uint32_t crashes) {
  const std::uint32_t thread = journal.head.thread;
  if (thread == journal::kUnknownThread || crashes >= kLookEverywhereAfter)
    return all_in_flight(journal);
  return thread <= journal.hands.size() ? journal.hands[thread - 1].messages
                                        : std::vector<JournaledMessage>{};
}

// Whether the message that was alone has done it: it crashed its own lane, or, where a handler
// works on it beyond the call, a thread that nobody knows, when nothing else was in any hands.
bool has_done_it(const Journal& journal, const JournaledMessage& alone) {
  const std::uint32_t thread = journal.head.thread;
  const auto holds = [&](const Held& hand) {
    return std::ranges::find(hand.messages, alone) != hand.messages.end();
  };
  if (thread != journal::kUnknownThread)
    return thread <= journal.hands.size() && holds(journal.hands[thread - 1]);
  return journal.head.alone_strictly != 0 &&
         std::ranges::any_of(journal.hands,
                             [&](const Held& hand) { return hand.pends && holds(hand); });
}

}  // namespace

LastRun read_journal(std::string_view file) {
  LastRun last;
  if (file.empty()) return last;
  last.end = LastRun::End::unclean;
  Journal journal;
  if (!journal.read(file)) return last;
  last.in_flight = all_in_flight(journal);
  last.suspects = std::move(journal.suspects);
  last.crashes = journal.head.crashes;
  if (journal.head.signal == 0) return last;

  last.end = LastRun::End::crashed;
  last.death = name_of_death(journal.head.signal);
  ++last.crashes;
  if (journal.alone && has_done_it(journal, last.suspects[*journal.alone].message)) {
    ++last.suspects[*journal.alone].crashes;
    return last;
  }
  for (JournaledMessage& message : under_suspicion(journal, last.crashes))
    if (std::ranges::find(last.suspects, message, &Suspect::message) == last.suspects.end())
      last.suspects.push_back({std::move(message)});
  return last;
}

}  // namespace gantry::route
