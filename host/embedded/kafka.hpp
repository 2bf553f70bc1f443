// A development Kafka inside of this process: three brokers on free ports of 127.0.0.1,
// librdkafka's mock cluster. It speaks the protocol of producers and consumers; it keeps everything
// in memory, 5 MiB of a partition, and has no admin calls, so topics are made here. Any client may
// connect. Main thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gantry::embedded {

struct Record {
  std::string topic;
  std::int32_t partition = -1;  // writing: -1 is by key, as Java's producer chooses
  std::optional<std::string> key{};
  std::optional<std::string> value{};
  std::vector<std::pair<std::string, std::string>> headers{};

  const std::string* header(const std::string& name) const;  // the last of that name, or nullptr
};

class Kafka {
 public:
  Kafka();   // std::runtime_error
  ~Kafka();  // after every client
  Kafka(const Kafka&) = delete;
  Kafka& operator=(const Kafka&) = delete;

  std::string bootstrap() const;  // "127.0.0.1:41001,127.0.0.1:41002,127.0.0.1:41003"
  void create_topic(const std::string& name, int partitions, int replicas);

  // What tells how things stand, of topics that were created here. All throw std::runtime_error.
  std::vector<Record> read(const std::string& topic) const;  // all that is there now
  void write(const std::vector<Record>& records) const;      // until the brokers have them
  // How many records of the topic the group has not committed yet.
  std::int64_t lag(const std::string& group, const std::string& topic) const;

 private:
  struct Cluster;
  std::unique_ptr<Cluster> cluster_;
  std::map<std::string, int> partitions_;
};

}  // namespace gantry::embedded
