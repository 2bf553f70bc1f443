// The topics through which dead letters are replayed and on which it is written down what was
// settled (DESIGN, section 7), declared after the dead-letter topic that they belong to. Pure.
#pragma once

#include <string>

#include "config/model.hpp"
#include "kafka/admin.hpp"

namespace gantry::kafka {

// One partition: it keeps the order in which letters were replayed, lanes share its keys out like
// all others, and each route has one partition more to give memory to, not many.
config::Topic replay_topic(const std::string& route, const TopicState& dead_letters);

// "DLQ-topic.settled"
std::string settled_topic_name(const std::string& dead_letter_topic);

// One partition, compacted by "PARTITION:OFFSET" of the letter.
config::Topic settled_topic(const std::string& dead_letter_topic, const TopicState& dead_letters);

}  // namespace gantry::kafka
