// The dead letters that a filter has found: which they are, in little memory, and how many of each
// kind. Pure, the caller's thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dlq/letter.hpp"
#include "kafka/topic_reader.hpp"

namespace gantry::dlq {

struct Group {
  std::string owner;  // the route; "(group)" where only a consumer group is known, "-": neither
  std::string reason;
  std::string topic;  // the original one, "-": not known
  std::uint64_t count = 0;
  std::int64_t first_ms = 0;
  std::int64_t last_ms = 0;
};

class Selection {
 public:
  void add(const Letter& letter);
  // After the last add(): keeps the oldest `limit`; 0: all.
  void close(std::size_t limit);

  std::size_t size() const { return rows_.size(); }
  bool contains(const LetterId& id) const;
  std::vector<Group> groups() const;  // by owner, reason and topic
  // What has to be read of a dead-letter topic to come upon all of them.
  kafka::Extent extent(const std::string& topic) const;

 private:
  struct Row {
    std::int64_t time_ms;
    std::int64_t offset;
    std::int32_t partition;
    std::uint32_t topic;  // index into topics_
    std::uint32_t kind;   // index into kinds_
  };
  std::vector<Row> rows_;
  std::vector<std::string> topics_;
  std::vector<Group> kinds_;  // without numbers
};

}  // namespace gantry::dlq
