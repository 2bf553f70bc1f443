// Where partitions begin and end, and what consumer groups have committed, asked of the brokers by
// a client that is in no group. Owned by whoever asks; each call waits for the answer on its
// caller's thread, one call at a time.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "config/model.hpp"

namespace gantry::kafka {

struct TopicPartition {
  std::string topic;
  std::int32_t partition = 0;
  auto operator<=>(const TopicPartition&) const = default;
};
using OffsetsOf = std::map<TopicPartition, std::int64_t>;

std::string client_version();  // librdkafka's, "2.0.2"

class Offsets {
 public:
  using Timeout = std::chrono::milliseconds;

  // Of [kafka]. std::runtime_error when librdkafka does not take a property. Does not wait for
  // brokers.
  explicit Offsets(const config::Config& config);
  ~Offsets();
  Offsets(const Offsets&) = delete;
  Offsets& operator=(const Offsets&) = delete;

  // All throw AdminError (admin.hpp) when no broker answers in time.
  // The partitions of these topics; a topic that is not there, or that this user may not see, has
  // none.
  std::set<TopicPartition> partitions(const std::set<std::string>& topics, Timeout timeout);
  // The offset that the next record gets, or of the first that is kept. Those whose leader does not
  // say are left out.
  OffsetsOf ends(const std::set<TopicPartition>& of, Timeout timeout);
  OffsetsOf begins(const std::set<TopicPartition>& of, Timeout timeout);
  // Without those of which the group has committed nothing. By a client of its own, since such
  // questions belong to a group.
  OffsetsOf committed(const std::string& group, const std::set<TopicPartition>& of,
                      Timeout timeout);

 private:
  class Client;
  config::Config config_;  // [kafka] alone
  std::unique_ptr<Client> client_;
};

}  // namespace gantry::kafka
