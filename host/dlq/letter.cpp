#include "dlq/letter.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "route/message/dead_letter.hpp"
#include "route/message/replayed.hpp"

namespace gantry::dlq {
namespace {

// The last of that name, as Kafka's lastHeader; empty where there is none.
std::string header(const route::OutRecord& record, std::string_view name) {
  const auto found = std::find_if(record.headers.rbegin(), record.headers.rend(),
                                  [&](const route::OutHeader& one) { return one.name == name; });
  return found != record.headers.rend() ? found->value.value_or("") : "";
}

template <typename T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::string first_of(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts)
    if (!text.empty()) return text;
  return {};
}

void read_gantry(Letter& letter) {
  letter.route = header(letter.record, "gantry.route");
  letter.reason = first_of({header(letter.record, "gantry.reason"), letter.reason});
  letter.error = header(letter.record, "gantry.error");
  letter.attempts = number<std::uint32_t>(header(letter.record, "gantry.attempts")).value_or(0);
}

// Spring names its own wrapper first and, since 2.8, what was thrown as the cause.
void read_exception(Letter& letter) {
  letter.reason =
      first_of({header(letter.record, "kafka_dlt-exception-cause-fqcn"),
                header(letter.record, "kafka_dlt-exception-fqcn"),
                header(letter.record, "__connect.errors.exception.class.name"), letter.reason});
  letter.error = first_of({header(letter.record, "kafka_dlt-exception-message"),
                           header(letter.record, "__connect.errors.exception.message")});
}

std::string owner(const Letter& letter, const config::Config& config) {
  std::vector<std::string> owners;
  for (const config::Route& route : config.routes) {
    if (route.topics.empty()) continue;
    const bool reads =
        std::ranges::find(route.topics, letter.original_topic()) != route.topics.end();
    if (letter.group.empty() ? reads : route.group == letter.group) owners.push_back(route.name);
  }
  return owners.size() == 1 ? owners.front() : "";
}

}  // namespace

std::string to_text(const LetterId& id) {
  return id.topic + ':' + std::to_string(id.partition) + ':' + std::to_string(id.offset);
}

std::optional<LetterId> parse_letter_id(std::string_view text, const std::string& otherwise) {
  const auto last = text.rfind(':');
  if (last == std::string_view::npos) return std::nullopt;
  const auto offset = number<std::int64_t>(text.substr(last + 1));
  text = text.substr(0, last);
  const auto first = text.rfind(':');
  const auto partition =
      number<std::int32_t>(first == std::string_view::npos ? text : text.substr(first + 1));
  if (!offset || !partition || *offset < 0 || *partition < 0) return std::nullopt;
  const std::string topic =
      first == std::string_view::npos ? otherwise : std::string(text.substr(0, first));
  if (topic.empty()) return std::nullopt;
  return LetterId{topic, *partition, *offset};
}

std::vector<gantry_header> views(const route::OutRecord& record) {
  std::vector<gantry_header> views;
  views.reserve(record.headers.size());
  for (const route::OutHeader& one : record.headers) {
    gantry_bytes value{nullptr, 0};
    if (one.value)
      value = {reinterpret_cast<const std::uint8_t*>(one.value->data()), one.value->size()};
    views.push_back({{one.name.data(), one.name.size()}, value});
  }
  return views;
}

Letter read_letter(kafka::StoredRecord stored, const config::Config& config) {
  Letter letter;
  letter.id = {stored.record.topic, stored.record.partition, stored.offset};
  letter.time_ms = stored.record.timestamp_ms;
  letter.record = std::move(stored.record);
  letter.replays = route::replays_of(letter.record.headers);
  letter.group = header(letter.record, "kafka_dlt-original-consumer-group");
  const std::vector<gantry_header> headers = views(letter.record);
  const auto origin = route::origin_of(headers);
  if (origin)
    letter.original = Original{std::string(origin->topic), origin->partition, origin->offset,
                               origin->timestamp_ms};
  // Only then: a dead letter of another application may carry an older one's gantry.* headers.
  if (origin && origin->family == config::HeaderFamily::gantry)
    read_gantry(letter);
  else
    read_exception(letter);
  if (letter.route.empty()) letter.route = owner(letter, config);
  return letter;
}

}  // namespace gantry::dlq
