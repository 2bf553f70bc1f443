// What a handler is given: Message and Batch, views of the host's memory, and Slot, the name of one
// delivery. A Message is valid until its slot is settled: while handle() runs, and longer for one
// left pending. Copy a Message freely (it is two pointers), but not beyond that; copy key and value
// if they are needed longer.
#pragma once

#include <gantry/abi.h>

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <gantry/verdict.hpp>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>

namespace gantry {

namespace detail {
inline std::string_view view(const gantry_bytes& bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data), bytes.data == nullptr ? 0 : bytes.size};
}
inline std::string_view view(const gantry_str& text) noexcept {
  return {text.data, text.data == nullptr ? 0 : text.size};
}
inline gantry_str str(std::string_view text) noexcept { return {text.data(), text.size()}; }
inline gantry_bytes bytes(std::string_view text) noexcept {  // never Kafka's null
  return {reinterpret_cast<const std::uint8_t*>(text.data() == nullptr ? "" : text.data()),
          text.size()};
}
inline gantry_bytes bytes(const std::optional<std::string_view>& text) noexcept {
  return text ? bytes(*text) : gantry_bytes{nullptr, 0};
}
}  // namespace detail

// One delivery of one message, and never another one. Small and copyable: keep it to settle a
// pending message later.
class Slot {
 public:
  Slot() = default;
  Slot(const gantry_host* host, gantry_slot id) noexcept : host_(host), id_(id) {}

  gantry_slot id() const noexcept { return id_; }
  const gantry_host* host() const noexcept { return host_; }

  // Any thread. False: refused, because it is late, settled already, not this route's, or the
  // verdict is pending; the host counts that and nothing changes. After true the message's memory
  // is gone.
  bool settle(const Verdict& verdict) const noexcept {
    if (host_ == nullptr) return false;
    const gantry_outcome outcome = verdict.outcome();
    return host_->settle(host_, id_, &outcome) == 1;
  }

  friend bool operator==(const Slot&, const Slot&) = default;
  friend auto operator<=>(const Slot& a, const Slot& b) noexcept { return a.id_ <=> b.id_; }

 private:
  const gantry_host* host_ = nullptr;
  gantry_slot id_ = 0;
};

// A Kafka record header, or an HTTP field (its name in lower case).
class Header {
 public:
  explicit Header(const gantry_header& raw) noexcept : raw_(&raw) {}
  std::string_view name() const noexcept { return detail::view(raw_->name); }
  std::string_view value() const noexcept { return detail::view(raw_->value); }
  bool has_value() const noexcept { return raw_->value.data != nullptr; }  // false: Kafka's null

 private:
  const gantry_header* raw_;
};

namespace detail {
// Random access over what operator[] of a small view makes: Message of Batch, Header of Headers.
template <class View, class Value>
class Iterator {
 public:
  using value_type = Value;
  using reference = Value;
  using difference_type = std::ptrdiff_t;
  using iterator_category = std::input_iterator_tag;  // values are made on the fly

  Iterator() = default;
  Iterator(const View& view, std::size_t at) noexcept : view_(view), at_(at) {}
  Value operator*() const noexcept { return view_[at_]; }
  Iterator& operator++() noexcept {
    ++at_;
    return *this;
  }
  Iterator operator++(int) noexcept {
    Iterator before = *this;
    ++at_;
    return before;
  }
  friend bool operator==(const Iterator& a, const Iterator& b) noexcept { return a.at_ == b.at_; }

 private:
  View view_{};
  std::size_t at_ = 0;
};
}  // namespace detail

// In the record's order; names may repeat.
class Headers {
 public:
  Headers() = default;
  Headers(const gantry_header* first, std::size_t count) noexcept : first_(first), count_(count) {}
  std::size_t size() const noexcept { return count_; }
  bool empty() const noexcept { return count_ == 0; }
  Header operator[](std::size_t i) const noexcept { return Header(first_[i]); }
  auto begin() const noexcept { return detail::Iterator<Headers, Header>(*this, 0); }
  auto end() const noexcept { return detail::Iterator<Headers, Header>(*this, count_); }

 private:
  const gantry_header* first_ = nullptr;
  std::size_t count_ = 0;
};

class Message {
 public:
  Message(const gantry_host* host, const gantry_message& raw) noexcept : host_(host), raw_(&raw) {}

  std::string_view topic() const noexcept { return detail::view(raw_->topic); }  // HTTP: empty
  std::int32_t partition() const noexcept { return raw_->partition; }            // HTTP: -1
  std::int64_t offset() const noexcept { return raw_->offset; }                  // HTTP: -1
  std::uint32_t attempt() const noexcept { return raw_->attempt; }  // 1 on the first delivery
  Slot slot() const noexcept { return {host_, raw_->slot}; }

  // Kafka's CreateTime or LogAppendTime; nullopt: the record has none.
  std::optional<std::chrono::system_clock::time_point> timestamp() const noexcept {
    if (raw_->timestamp_ms < 0) return std::nullopt;
    return std::chrono::system_clock::time_point(std::chrono::milliseconds(raw_->timestamp_ms));
  }
  // From delivery to cancel(); 0: none.
  std::chrono::milliseconds deadline() const noexcept {
    return std::chrono::milliseconds(raw_->deadline_ms);
  }

  std::string_view key() const noexcept { return detail::view(raw_->key); }
  std::string_view value() const noexcept { return detail::view(raw_->value); }  // HTTP: the body
  bool has_key() const noexcept { return raw_->key.data != nullptr; }
  bool has_value() const noexcept { return raw_->value.data != nullptr; }  // false: a tombstone

  Headers headers() const noexcept { return {raw_->headers, raw_->header_count}; }
  // The last of that name, as Kafka's lastHeader. A null value is an empty view whose data() is
  // null.
  std::optional<std::string_view> header(std::string_view name) const noexcept {
    for (std::size_t i = raw_->header_count; i > 0; --i) {
      const Header candidate(raw_->headers[i - 1]);
      if (candidate.name() == name) return candidate.value();
    }
    return std::nullopt;
  }

  const gantry_message& raw() const noexcept { return *raw_; }

 private:
  const gantry_host* host_;
  const gantry_message* raw_;
};

// The messages of one call of handle_batch(). The batch itself dies when that returns; a Message
// left pending does not.
class Batch {
 public:
  Batch() = default;
  Batch(const gantry_host* host, std::span<const gantry_message* const> messages) noexcept
      : host_(host), messages_(messages) {}

  std::size_t size() const noexcept { return messages_.size(); }
  Message operator[](std::size_t i) const noexcept { return {host_, *messages_[i]}; }
  auto begin() const noexcept { return detail::Iterator<Batch, Message>(*this, 0); }
  auto end() const noexcept { return detail::Iterator<Batch, Message>(*this, size()); }

  // Settles message i alone; what handle_batch() returns counts for those that are not settled. Ask
  // for its data first: after true the memory of message i is gone.
  bool settle(std::size_t i, const Verdict& verdict) const noexcept {
    return (*this)[i].slot().settle(verdict);
  }

 private:
  const gantry_host* host_ = nullptr;
  std::span<const gantry_message* const> messages_;
};

}  // namespace gantry

template <>
struct std::hash<gantry::Slot> {
  std::size_t operator()(const gantry::Slot& slot) const noexcept {
    return std::hash<gantry_slot>{}(slot.id());
  }
};
