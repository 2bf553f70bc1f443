// Dead-letter topics as they are when the object is made: what comes later, as the letters of what
// is replayed meanwhile, is not seen. Owned by the command, used on its thread; blocks as
// kafka::TopicReader does.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "config/model.hpp"
#include "dlq/filter.hpp"
#include "dlq/letter.hpp"
#include "dlq/selection.hpp"
#include "dlq/settled.hpp"
#include "kafka/topic_reader.hpp"

namespace gantry::dlq {

// The dead-letter topics of all routes.
std::set<std::string> letter_topics(const config::Config& config);

class Letters {
 public:
  // Throws kafka::AdminError, as all of this does. `config` outlives it.
  Letters(const config::Config& config, const std::set<std::string>& topics);

  // Those that are not settled and that the filter means.
  Selection select(const Filter& filter);
  // Each of a selection, those of a partition in their order; false of `take`: enough. `filter` is
  // the one that it was selected by.
  void each(const Filter& filter, const Selection& selection,
            const std::function<bool(Letter&&)>& take);

  bool empty() const { return boxes_.empty(); }  // none of the topics exists
  // What is written down of letters that are no longer there, by topic.
  std::map<std::string, std::vector<std::string>> obsolete() const;
  kafka::TopicReader& reader() { return reader_; }

 private:
  struct Box {
    kafka::Extent extent;
    Settled settled;
  };

  const config::Config& config_;
  kafka::TopicReader reader_;
  std::map<std::string, Box> boxes_;  // by topic
};

}  // namespace gantry::dlq
