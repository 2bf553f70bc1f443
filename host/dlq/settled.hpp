// What was settled of one dead-letter topic, as the compacted topic beside it says: a record a
// letter, its key "PARTITION:OFFSET", its value who did what when, as JSON. A letter that is
// settled is no longer listed. Pure, the caller's thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dlq/letter.hpp"
#include "kafka/topic_reader.hpp"
#include "route/message/publisher.hpp"

namespace gantry::dlq {

enum class Action { replayed, discarded };
std::string_view action_name(Action action);  // "replayed", "discarded"

// by: "alice@ops-1"; at_ms: now.
route::OutRecord settled_record(const Letter& letter, Action action, const std::string& by,
                                std::int64_t at_ms);
// A tombstone: nobody needs that one any more.
route::OutRecord forget_record(const std::string& dead_letter_topic, const std::string& key);

class Settled {
 public:
  void take(const route::OutRecord& record);  // of that topic, in its order; others are ignored
  // The time tells a letter from one that lay at the same place of a topic that was made anew.
  bool contains(const Letter& letter) const;
  // Keys of letters that are no longer there: what is below the extent.
  std::vector<std::string> obsolete(const kafka::Extent& letters) const;

 private:
  std::map<std::int32_t, std::unordered_map<std::int64_t, std::int64_t>> times_;  // by offset
};

}  // namespace gantry::dlq
