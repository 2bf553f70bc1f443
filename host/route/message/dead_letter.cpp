#include "route/message/dead_letter.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <vector>

namespace gantry::route {
namespace {

using Headers = std::vector<OutHeader>;

constexpr std::size_t error_bytes = 1000;
constexpr std::string_view replays_name = "gantry.replays";

// Every name the host writes, by family, in the order of the families in a dead letter.
constexpr std::array<std::string_view, 8> gantry_names = {
    "gantry.route",           "gantry.reason",
    "gantry.error",           "gantry.attempts",
    "gantry.original-topic",  "gantry.original-partition",
    "gantry.original-offset", "gantry.original-timestamp"};
constexpr std::array<std::string_view, 8> spring_names = {
    "kafka_dlt-original-topic",          "kafka_dlt-original-partition",
    "kafka_dlt-original-offset",         "kafka_dlt-original-timestamp",
    "kafka_dlt-original-timestamp-type", "kafka_dlt-original-consumer-group",
    "kafka_dlt-exception-fqcn",          "kafka_dlt-exception-message"};
constexpr std::array<std::string_view, 8> connect_names = {"__connect.errors.topic",
                                                           "__connect.errors.partition",
                                                           "__connect.errors.offset",
                                                           "__connect.errors.connector.name",
                                                           "__connect.errors.task.id",
                                                           "__connect.errors.stage",
                                                           "__connect.errors.exception.class.name",
                                                           "__connect.errors.exception.message"};

// Bytes as Java's ByteBuffer writes them, which is how Spring Kafka writes numbers into headers.
template <typename T>
std::string big_endian(T value) {
  std::string bytes(sizeof(T), '\0');
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bytes[sizeof(T) - 1 - i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
  return bytes;
}

std::optional<std::string> copy(const gantry_bytes& bytes) {
  if (bytes.data == nullptr) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(bytes.data), bytes.size);
}

std::string copy(const gantry_str& text) {
  return text.data == nullptr ? std::string() : std::string(text.data, text.size);
}

// Not in the middle of a character: UTF-8's continuation bytes begin with the bits 10.
std::string capped(std::string text) {
  if (text.size() <= error_bytes) return text;
  std::size_t end = error_bytes;
  while (end > error_bytes - 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text;
}

std::string_view timestamp_name(TimestampType type) {
  switch (type) {
    case TimestampType::create_time:
      return "CreateTime";
    case TimestampType::log_append_time:
      return "LogAppendTime";
    case TimestampType::none:
      break;
  }
  return "NoTimestampType";
}

// nullopt: no number, so that it did not come from a host or a replay.
std::optional<std::uint32_t> replays_in(const OutHeader& header) {
  if (!header.value) return std::nullopt;
  std::uint32_t count = 0;
  const char* const end = header.value->data() + header.value->size();
  const auto parsed = std::from_chars(header.value->data(), end, count);
  return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(count) : std::nullopt;
}

template <typename List>
auto last_replays(List& headers) {
  return std::find_if(headers.rbegin(), headers.rend(),
                      [](const OutHeader& header) { return header.name == replays_name; });
}

// Takes one family's headers off the end, each name once: what is before them, or there twice, is
// the original's own, as with a message that came from a Spring service's dead-letter topic.
void strip_family(Headers& headers, const std::array<std::string_view, 8>& names) {
  std::set<std::string_view> seen;
  while (!headers.empty()) {
    const auto name = std::find(names.begin(), names.end(), headers.back().name);
    if (name == names.end() || !seen.insert(*name).second) return;
    headers.pop_back();
  }
}

void append(Headers& headers, const std::array<std::string_view, 8>& names,
            std::array<std::string, 8> values) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    headers.push_back({std::string(names[i]), std::move(values[i])});
  }
}

gantry_bytes bytes_of(const std::optional<std::string>& bytes) {
  if (!bytes) return {nullptr, 0};
  return {reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()};
}

struct Facts {
  std::string topic;
  std::string partition;
  std::string offset;
  std::string error;
  std::string error_class;
};

void append_family(Headers& headers, config::HeaderFamily family, const Facts& facts,
                   const gantry_message& original, const DeadLetterReason& reason,
                   std::uint32_t replays) {
  switch (family) {
    case config::HeaderFamily::gantry:
      append(headers, gantry_names,
             {reason.route, std::string(cause_name(reason.cause)), facts.error,
              std::to_string(reason.attempts), facts.topic, facts.partition, facts.offset,
              std::to_string(original.timestamp_ms)});
      headers.push_back({std::string(replays_name), std::to_string(replays)});
      return;
    case config::HeaderFamily::spring:
      append(headers, spring_names,
             {facts.topic, big_endian(original.partition), big_endian(original.offset),
              big_endian(original.timestamp_ms), std::string(timestamp_name(reason.timestamp_type)),
              reason.group, facts.error_class, facts.error});
      return;
    case config::HeaderFamily::connect:
      // TASK_PUT is Connect's name for the stage in which a sink handles records; a route has no
      // tasks.
      append(headers, connect_names,
             {facts.topic, facts.partition, facts.offset, reason.route, "0", "TASK_PUT",
              facts.error_class, facts.error});
      return;
  }
}

}  // namespace

// A route that reads a dead-letter topic sees "0" there, and that record is an original to it.
std::uint32_t replays_of(const std::vector<OutHeader>& headers) {
  const auto last = last_replays(headers);
  return last == headers.rend() ? 0 : replays_in(*last).value_or(0);
}

void count_replay(std::vector<OutHeader>& headers) {
  const auto last = last_replays(headers);
  if (last != headers.rend() && replays_in(*last))
    last->value = std::to_string(*replays_in(*last) + 1);
  else
    headers.push_back({std::string(replays_name), "1"});
}

void strip_own(std::vector<OutHeader>& headers) {
  const auto replays = last_replays(headers);
  if (replays != headers.rend() && replays_in(*replays)) headers.erase(std::next(replays).base());
  strip_family(headers, connect_names);
  strip_family(headers, spring_names);
  strip_family(headers, gantry_names);
}

std::string_view cause_name(DeadLetterCause cause) {
  switch (cause) {
    case DeadLetterCause::rejected:
      return "rejected";
    case DeadLetterCause::exhausted:
      return "exhausted";
    case DeadLetterCause::crashed:
      return "crashed";
    case DeadLetterCause::send_failed:
      return "send-failed";
    case DeadLetterCause::unavailable:
      return "unavailable";
  }
  return "rejected";
}

OutRecord make_dead_letter(const gantry_message& original, const DeadLetterReason& reason,
                           const config::DeadLetter& dead_letter,
                           std::optional<std::int32_t> partitions) {
  OutRecord record;
  record.topic = dead_letter.topic;
  const bool has_partition =
      original.partition >= 0 && partitions && original.partition < *partitions;
  record.partition = has_partition ? original.partition : -1;
  record.key = copy(original.key);
  record.value = copy(original.value);
  record.headers.reserve(original.header_count + 25);
  for (std::size_t i = 0; i < original.header_count; ++i) {
    record.headers.push_back({copy(original.headers[i].name), copy(original.headers[i].value)});
  }
  const std::uint32_t replays = replays_of(record.headers);
  if (replays > 0) strip_own(record.headers);

  const Facts facts{
      copy(original.topic), std::to_string(original.partition), std::to_string(original.offset),
      capped(reason.error),
      reason.error_class.empty() ? std::string(cause_name(reason.cause)) : reason.error_class};
  // In this order whatever the configuration's, so that strip_own knows the end of a dead letter
  // again.
  using enum config::HeaderFamily;
  for (const auto family : {gantry, spring, connect}) {
    const auto& wanted = dead_letter.headers;
    if (std::find(wanted.begin(), wanted.end(), family) != wanted.end()) {
      append_family(record.headers, family, facts, original, reason, replays);
    } else if (family == gantry && replays > 0) {
      // Without the family too: it is what ends the circle of replay and dead letter.
      record.headers.push_back({std::string(replays_name), std::to_string(replays)});
    }
  }
  return record;
}

OutRecord make_dead_letter(const OutRecord& refused, std::int64_t timestamp_ms,
                           const DeadLetterReason& reason, const config::DeadLetter& dead_letter) {
  std::vector<gantry_header> headers;
  for (const OutHeader& header : refused.headers)
    headers.push_back({{header.name.data(), header.name.size()}, bytes_of(header.value)});
  gantry_message original{};
  original.struct_size = sizeof original;
  original.topic = {refused.topic.data(), refused.topic.size()};
  original.partition = refused.partition;
  original.offset = -1;
  original.timestamp_ms = timestamp_ms;
  original.key = bytes_of(refused.key);
  original.value = bytes_of(refused.value);
  original.headers = headers.data();
  original.header_count = headers.size();
  return make_dead_letter(original, reason, dead_letter, std::nullopt);
}

}  // namespace gantry::route
