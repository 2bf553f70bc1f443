// Input: a message to feed to a handler, built by name. Message memory: what the ABI's view of it
// points to, alive exactly as long as the host would keep it, so that a sanitizer finds a handler
// that reads a settled message.
#pragma once

#include <gantry/abi.h>

#include <chrono>
#include <cstdint>
#include <gantry/message.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gantry::testing {

//   deliver(message("{…}").key("7").header("__TypeId__", "OrderCreatedEvent").topic("trace-topic"))
class Input {
 public:
  using Bytes = std::optional<std::string>;  // nullopt: Kafka's null

  Input& value(Bytes v) { return set(value_, std::move(v)); }
  Input& tombstone() { return set(value_, Bytes()); }
  Input& key(Bytes k) { return set(key_, std::move(k)); }
  Input& header(std::string name, Bytes v) {
    headers_.emplace_back(std::move(name), std::move(v));
    return *this;
  }
  Input& topic(std::string name) { return set(topic_, std::move(name)); }
  Input& partition(std::int32_t number) { return set(partition_, number); }
  Input& offset(std::int64_t number) { return set(offset_, number); }  // else one more each time
  Input& attempt(std::uint32_t number) { return set(attempt_, number); }
  Input& timestamp(std::chrono::system_clock::time_point time) {
    timestamp_ms_ =
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    return *this;
  }
  Input& deadline(std::chrono::milliseconds limit) {
    return set(deadline_ms_, static_cast<std::uint32_t>(limit.count()));
  }
  // As an HTTP request: no topic, and the headers the host makes of the method and path.
  Input& http(const std::string& method, const std::string& path) {
    topic_.clear();
    partition_ = -1;
    offset_ = -1;
    return header(":method", method).header(":path", path);
  }

 private:
  friend class MessageMemory;
  template <class Field, class Value>
  Input& set(Field& field, Value value) {
    field = std::move(value);
    return *this;
  }

  Bytes key_;
  Bytes value_ = std::string();
  std::vector<std::pair<std::string, Bytes>> headers_;
  std::string topic_ = "test-topic";
  std::int32_t partition_ = 0;
  std::optional<std::int64_t> offset_;
  std::uint32_t attempt_ = 1;
  std::int64_t timestamp_ms_ = 1'700'000'000'000;
  std::uint32_t deadline_ms_ = 30'000;
};

inline Input message(Input::Bytes value = std::string()) {
  Input input;
  input.value(std::move(value));
  return input;
}

class MessageMemory {
 public:
  // with_headers: false as for a handler that has said that it does not look at those of records.
  MessageMemory(const Input& input, gantry_slot slot, std::int64_t next_offset, bool with_headers)
      : topic_(own(input.topic_)), key_(own(input.key_)), value_(own(input.value_)) {
    for (const auto& [name, value] : input.headers_) {
      if (!with_headers && !input.topic_.empty()) break;
      header_memory_.push_back(own(name));
      const gantry_bytes n = header_memory_.back().view();
      header_memory_.push_back(own(value));
      headers_.push_back(
          {{reinterpret_cast<const char*>(n.data), n.size}, header_memory_.back().view()});
    }
    const gantry_bytes topic = topic_.view();
    raw_ = {sizeof(gantry_message),
            slot,
            {reinterpret_cast<const char*>(topic.data), topic.size},
            input.partition_,
            input.attempt_,
            input.offset_.value_or(next_offset),
            input.timestamp_ms_,
            key_.view(),
            value_.view(),
            headers_.data(),
            headers_.size(),
            input.deadline_ms_,
            0};
  }
  MessageMemory(const MessageMemory&) = delete;
  MessageMemory& operator=(const MessageMemory&) = delete;
  const gantry_message& raw() const { return raw_; }

 private:
  // A block of exactly the size, without a terminator: reading past the end is found.
  struct Block {
    std::unique_ptr<std::uint8_t[]> bytes;
    std::size_t size = 0;
    gantry_bytes view() const { return {bytes.get(), size}; }
  };
  static Block own(const Input::Bytes& text) {
    if (!text) return {};
    Block block{std::make_unique<std::uint8_t[]>(text->size()), text->size()};
    for (std::size_t i = 0; i < text->size(); ++i) {
      block.bytes[i] = static_cast<std::uint8_t>((*text)[i]);
    }
    return block;
  }

  Block topic_, key_, value_;
  std::vector<Block> header_memory_;
  std::vector<gantry_header> headers_;
  gantry_message raw_{};
};

}  // namespace gantry::testing
