#include "route/message/replayed.hpp"

#include <algorithm>
#include <charconv>
#include <type_traits>

#include "route/message/delivery.hpp"

namespace gantry::route {
namespace {

using Headers = std::span<const gantry_header>;

std::optional<std::size_t> find_last(Headers headers, std::string_view name) {
  for (std::size_t i = headers.size(); i-- > 0;) {
    const gantry_header& one = headers[i];
    if (std::string_view(one.name.data, one.name.size) == name && one.value.data != nullptr)
      return i;
  }
  return std::nullopt;
}

std::string_view value_at(Headers headers, std::size_t index) {
  const gantry_bytes& value = headers[index].value;
  return {reinterpret_cast<const char*>(value.data), value.size};
}

std::optional<std::string_view> value_of(Headers headers, std::string_view name) {
  const auto index = find_last(headers, name);
  return index ? std::optional(value_at(headers, *index)) : std::nullopt;
}

template <typename T>
std::optional<T> decimal(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <typename T>
std::optional<T> big_endian(std::string_view bytes) {
  if (bytes.size() != sizeof(T)) return std::nullopt;
  std::make_unsigned_t<T> value = 0;
  for (const char byte : bytes)
    value = static_cast<std::make_unsigned_t<T>>(value << 8 | static_cast<std::uint8_t>(byte));
  return static_cast<T>(value);
}

template <typename T>
using Read = std::optional<T> (*)(std::string_view);

struct Names {
  config::HeaderFamily family;
  std::string_view topic, partition, offset, timestamp;
  Read<std::int32_t> read_int32;
  Read<std::int64_t> read_int64;
};

constexpr std::string_view kTimestampType = "kafka_dlt-original-timestamp-type";
constexpr Names kFamilies[] = {
    {config::HeaderFamily::gantry, "gantry.original-topic", "gantry.original-partition",
     "gantry.original-offset", "gantry.original-timestamp", decimal<std::int32_t>,
     decimal<std::int64_t>},
    {config::HeaderFamily::spring, "kafka_dlt-original-topic", "kafka_dlt-original-partition",
     "kafka_dlt-original-offset", "kafka_dlt-original-timestamp", big_endian<std::int32_t>,
     big_endian<std::int64_t>},
    {config::HeaderFamily::connect, "__connect.errors.topic", "__connect.errors.partition",
     "__connect.errors.offset", "", decimal<std::int32_t>, decimal<std::int64_t>}};

std::optional<Origin> read_family(Headers headers, const Names& names) {
  const auto topic = find_last(headers, names.topic);
  const auto partition = value_of(headers, names.partition);
  const auto offset = value_of(headers, names.offset);
  if (!topic || !partition || !offset) return std::nullopt;
  const auto partition_number = names.read_int32(*partition);
  const auto offset_number = names.read_int64(*offset);
  if (!partition_number || !offset_number) return std::nullopt;
  Origin origin;
  origin.topic = value_at(headers, *topic);
  origin.partition = *partition_number;
  origin.offset = *offset_number;
  origin.family = names.family;
  origin.header = *topic;
  if (const auto timestamp = value_of(headers, names.timestamp))
    origin.timestamp_ms = names.read_int64(*timestamp).value_or(-1);
  return origin;
}

bool same_record(const Origin& a, const Origin& b) {
  return a.topic == b.topic && a.partition == b.partition && a.offset == b.offset;
}

TimestampType timestamp_type(std::string_view name) {
  if (name == "LogAppendTime") return TimestampType::log_append_time;
  if (name == "NoTimestampType") return TimestampType::none;
  return TimestampType::create_time;
}

}  // namespace

std::string replay_topic(std::string_view route) { return "gantry.replay." + std::string(route); }

std::optional<Origin> origin_of(Headers headers) {
  std::optional<Origin> last;
  for (const Names& names : kFamilies) {
    const auto origin = read_family(headers, names);
    // Where families agree the first tells the most: they were written together.
    if (!origin || (last && same_record(*last, *origin))) continue;
    if (!last || origin->header > last->header) last = origin;
  }
  if (!last) return std::nullopt;
  if (const auto type = value_of(headers, kTimestampType))
    last->timestamp_type = timestamp_type(*type);
  return last;
}

void restore_original(Delivery& delivery) {
  read_headers(delivery);
  const auto origin = origin_of(delivery.headers);
  if (!origin || origin->offset < 0) return;
  delivery.topic_header = static_cast<std::int32_t>(origin->header);
  delivery.timestamp_type = origin->timestamp_type;
  gantry_message& message = delivery.message;
  message.topic = {origin->topic.data(), origin->topic.size()};
  message.partition = origin->partition;
  message.offset = origin->offset;
  if (origin->family != config::HeaderFamily::connect) message.timestamp_ms = origin->timestamp_ms;
}

}  // namespace gantry::route
