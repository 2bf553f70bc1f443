// Sends records: to dead-letter topics, to outputs, from the outbox. Owned by the service, one for
// each use; a thread of its own polls for the delivery reports and runs each record's `done`.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/model.hpp"
#include "route/message/publisher.hpp"

namespace gantry::kafka {

// Whether the brokers can be reached; reason is empty when they can. Called on a change only, from
// the client's own threads, one call at a time. It must not block, nor call the client back.
using ClientStatus = std::function<void(bool up, const std::string& reason)>;

struct ProducerSettings {
  config::Properties properties;  // of librdkafka, over the host's defaults
  std::string name = "producer";  // for errors and the log: "dead letters"
  std::chrono::milliseconds message_timeout{
      10'000};  // message.timeout.ms: then a record has failed
  // linger.ms where the properties do not state it: how long a record waits for others.
  std::chrono::milliseconds linger{5};
  // Once a record has failed, none of its partition that was published after it is written, before
  // all that have failed are told. Then `retries` does not count, since few of them fail a record
  // while later ones still succeed.
  bool in_order = false;
  ClientStatus status;
};

// [kafka] and over it [kafka.producer]; client.id is this host's name and `name` unless it is
// stated.
ProducerSettings producer_settings(const config::Config& config, std::string_view name,
                                   std::chrono::milliseconds message_timeout);

// The largest record that a producer of these settings takes, as route::wire_size() counts.
std::size_t most_record_bytes(const ProducerSettings& settings);

// For a producer of dead letters: 64 KiB more than what is stated, for the headers that a dead
// letter has on top of its original.
void make_room_for_headers(ProducerSettings& settings);

// - Idempotent, acks=all, the Java client's partitioner. It does not repeat a record for good:
// `failed` is told to the
//   caller, who publishes again, after the records it wants before.
// - `refused` is told only of a record that the brokers refuse when it comes alone: they refuse
// whole batches, so the
//   records of a refused batch are sent once more, each by itself. Where they are to go in order,
//   that is the caller's business: they come back as suspects.
// - After a fatal error (KIP-360) what is on its way fails, and a new client takes its place.
class Producer : public route::Publisher {
 public:
  // std::runtime_error when librdkafka does not take the properties. Does not wait for brokers.
  explicit Producer(ProducerSettings settings);
  ~Producer() override;  // what is still on its way fails at once; each `done` has run on return
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  void publish(route::OutRecord record,
               std::function<void(const route::PublishResult&)> done) override;
  // Without effect where the properties state how long a record waits for others.
  void flush() override;
  void recall() override;

  // How many partitions a topic has, as last heard; any thread, never blocks. nullopt: not known
  // (yet), or no such topic. The first call for a topic makes it known soon: call it once at the
  // start for each topic that matters.
  std::optional<std::int32_t> partition_count(const std::string& topic);
  bool partition_exists(const std::string& topic, std::int32_t partition);

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace gantry::kafka
