// The extensions of the fake host: what they record, and the ABI's tables that lead there. Any
// thread; guarded by the fake host's mutex, which `live` is asked under.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <functional>
#include <gantry/extensions.hpp>
#include <gantry/testing/records.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gantry::testing {

struct Instrument {
  std::mutex* mutex;
  char kind;                 // c, g, h
  double value = 0;          // sum of a counter, last of a gauge
  std::vector<double> seen;  // by a histogram
};

// The key as the output's key format writes it; nullopt: it does not fit. int64 is 8 bytes,
// big-endian.
inline std::optional<std::string> format_key(std::string_view format, std::string_view key) {
  if (format != "int64") return std::string(key);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
  if (error != std::errc() || end != key.data() + key.size()) return std::nullopt;
  std::string bytes(8, '\0');
  for (int i = 0; i < 8; ++i) {
    bytes[static_cast<std::size_t>(i)] =
        static_cast<char>(static_cast<std::uint64_t>(number) >> (56 - 8 * i));
  }
  return bytes;
}

class Services {
 public:
  explicit Services(const gantry_handler_type& type) : type_(&type) {
    for (std::size_t i = 0; i < type.output_count; ++i) {
      topics[type.outputs[i]->name] = type.outputs[i]->name;
    }
  }

  std::mutex mutex;
  std::set<gantry_slot> live;  // delivered and not settled
  std::map<std::string, std::string>
      topics;                    // of outputs: unless bound otherwise, the output's own name
  std::set<std::string> absent;  // extensions this host does not offer
  bool http_route = false;
  std::multimap<gantry_slot, Published> waiting;
  std::vector<Published> published;
  std::vector<Published> resolved;
  std::map<gantry_slot, Reply> replies;  // given; sent are those of slots that end ok
  std::map<std::string, std::unique_ptr<Instrument>> instruments;
  std::vector<LogLine> logs;
  std::size_t wakes = 0;

  // Under the mutex, when a slot is settled.
  void end(gantry_slot slot, bool is_ok) {
    live.erase(slot);
    const auto [first, last] = waiting.equal_range(slot);
    if (is_ok) {
      for (auto it = first; it != last; ++it) published.push_back(it->second);
    } else {
      replies.erase(slot);
    }
    waiting.erase(first, last);
  }

  const void* find(std::string_view id) const;   // see extension_tables.hpp
  static Services& of(const gantry_host* host);  // see fake_host.hpp

  static Fields copy_fields(const gantry_header* headers, std::size_t count) {
    Fields fields;
    for (std::size_t i = 0; i < count; ++i) {
      fields.emplace_back(detail::view(headers[i].name), copy(headers[i].value));
    }
    return fields;
  }
  static std::optional<std::string> copy(const gantry_bytes& bytes) {
    if (bytes.data == nullptr) return std::nullopt;
    return std::string(detail::view(bytes));
  }

  // Shared by publish and resolve: GANTRY_DONE, or why not. `key` is the formatted one.
  std::int32_t take(gantry_slot slot, const gantry_record& record, Published& out,
                    std::optional<std::string>& key) const {
    out = {slot, std::string(detail::view(record.output)), copy(record.key), copy(record.value),
           copy_fields(record.headers, record.header_count)};
    if (topics.count(out.output) == 0) return GANTRY_UNKNOWN_OUTPUT;
    if (live.count(slot) == 0) return GANTRY_UNKNOWN_SLOT;
    key = out.key;
    if (!out.key) return GANTRY_DONE;
    for (std::size_t i = 0; i < type_->output_count; ++i) {
      if (out.output != type_->outputs[i]->name) continue;
      key = format_key(type_->outputs[i]->key_format, *out.key);
    }
    return key ? GANTRY_DONE : GANTRY_BAD_KEY;
  }

  Instrument* instrument(const char* name, char kind) {
    const std::lock_guard lock(mutex);
    auto& slot = instruments[name];
    if (slot == nullptr) slot = std::make_unique<Instrument>(Instrument{&mutex, kind, 0, {}});
    return slot->kind == kind ? slot.get() : nullptr;
  }

 private:
  const gantry_handler_type* type_;
};

}  // namespace gantry::testing
