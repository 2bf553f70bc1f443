#include "plugin/output_record.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace gantry::plugin {
namespace {

std::string_view view(gantry_str text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

std::optional<std::string> copy(gantry_bytes bytes) {
  if (bytes.data == nullptr) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(bytes.data), bytes.size);
}

// https://www.w3.org/TR/trace-context/
bool is_trace(std::string_view name) { return name == "traceparent" || name == "tracestate"; }

// 8 bytes, big-endian, as Java's LongSerializer writes it. nullopt: not a decimal 64-bit integer.
std::optional<std::string> int64_key(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  std::string bytes(sizeof number, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * (7 - i)));
  return bytes;
}

void append(std::span<const gantry_header> from, std::vector<route::OutHeader>& to) {
  for (const gantry_header& header : from)
    to.push_back({std::string(view(header.name)), copy(header.value)});
}

}  // namespace

OutputRecords::OutputRecords(const config::Route& route) {
  for (const auto& [name, bound] : route.outputs) {
    Output& output = outputs_[name];
    output.topic = bound.topic;
    output.key_format = bound.key_format.value_or(config::KeyFormat::bytes);
    for (const auto& [header, value] : bound.headers) output.headers.push_back({header, value});
  }
}

std::int32_t OutputRecords::make(const gantry_record& record, std::span<const gantry_header> trace,
                                 route::OutRecord& out) const {
  const auto found = outputs_.find(view(record.output));
  if (found == outputs_.end()) return GANTRY_UNKNOWN_OUTPUT;
  const Output& output = found->second;

  out = {};
  out.topic = output.topic;
  out.key = copy(record.key);
  if (out.key && output.key_format == config::KeyFormat::int64) {
    out.key = int64_key(*out.key);
    if (!out.key) return GANTRY_BAD_KEY;
  }
  out.value = copy(record.value);

  const std::span own{record.headers, record.header_count};
  out.headers.reserve(output.headers.size() + own.size());
  for (const route::OutHeader& constant : output.headers) {
    const auto same = [&](const gantry_header& header) {
      return view(header.name) == constant.name;
    };
    if (std::ranges::none_of(own, same)) out.headers.push_back(constant);
  }
  append(own, out.headers);
  const auto traces = [](const gantry_header& header) { return is_trace(view(header.name)); };
  if (std::ranges::any_of(own, traces)) return GANTRY_DONE;
  for (const gantry_header& header : trace)
    if (traces(header)) append({&header, 1}, out.headers);
  return GANTRY_DONE;
}

}  // namespace gantry::plugin
