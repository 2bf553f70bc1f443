#include "kafka/producer.hpp"

#include <algorithm>
#include <utility>

#include "kafka/producer_worker.hpp"

namespace gantry::kafka {

ProducerSettings producer_settings(const config::Config& config, std::string_view name,
                                   std::chrono::milliseconds message_timeout) {
  ProducerSettings settings;
  settings.properties = config.kafka;
  for (const auto& [property, value] : config.producer) settings.properties[property] = value;
  settings.properties.try_emplace("client.id", config.name + '-' + std::string(name));
  settings.name = name;
  settings.message_timeout = message_timeout;
  return settings;
}

std::size_t most_record_bytes(const ProducerSettings& settings) {
  constexpr std::size_t kDefault = 1'000'000;
  const auto stated = settings.properties.find("message.max.bytes");
  return stated == settings.properties.end() ? kDefault : std::stoull(stated->second);
}

void make_room_for_headers(ProducerSettings& settings) {
  constexpr std::size_t kRoom = 64 * 1024;
  constexpr std::size_t kMost = 1'000'000'000;  // of librdkafka
  settings.properties["message.max.bytes"] =
      std::to_string(std::min(most_record_bytes(settings) + kRoom, kMost));
}

Producer::Producer(ProducerSettings settings)
    : worker_(std::make_unique<Worker>(std::move(settings))) {}
Producer::~Producer() = default;

void Producer::publish(route::OutRecord record,
                       std::function<void(const route::PublishResult&)> done) {
  worker_->publish(std::make_unique<Sending>(Sending{std::move(record), std::move(done)}));
}

void Producer::flush() { worker_->flush(); }
void Producer::recall() { worker_->recall(); }

std::optional<std::int32_t> Producer::partition_count(const std::string& topic) {
  return worker_->partition_count(topic);
}

bool Producer::partition_exists(const std::string& topic, std::int32_t partition) {
  const auto count = partition_count(topic);
  return partition >= 0 && count && partition < *count;
}

}  // namespace gantry::kafka
