#include "route/dispatch/keys.hpp"

#include <functional>
#include <string_view>
#include <utility>

namespace gantry::route {

void Key::append(Delivery* delivery) {
  delivery->key = this;
  delivery->next = nullptr;
  (tail != nullptr ? tail->next : head) = delivery;
  tail = delivery;
  ++waiting;
}

void Key::prepend(Delivery* delivery) {
  delivery->key = this;
  delivery->next = head;
  head = delivery;
  if (tail == nullptr) tail = delivery;
  ++waiting;
}

Delivery* Key::pop() {
  Delivery* first = head;
  head = first->next;
  if (head == nullptr) tail = nullptr;
  first->next = nullptr;
  first->key = nullptr;
  --waiting;
  return first;
}

Delivery* Key::cut(std::uint32_t keep) {
  Delivery* last = nullptr;
  Delivery* rest = head;
  for (std::uint32_t i = 0; i < keep; ++i) last = std::exchange(rest, rest->next);
  (last != nullptr ? last->next : head) = nullptr;
  tail = last;
  waiting = keep;
  for (Delivery* d = rest; d != nullptr; d = d->next) d->key = nullptr;
  return rest;
}

Key* Keys::make() {
  if (free_.empty()) return &pool_.emplace_back();
  Key* key = free_.back();
  free_.pop_back();
  return key;
}

Key* Keys::find_or_make(std::uint64_t hash) {
  auto [at, added] = by_hash_.try_emplace(hash, nullptr);
  if (added) {
    at->second = make();
    at->second->hash = hash;
    at->second->shared = true;
  }
  return at->second;
}

Key* Keys::make_unordered() { return make(); }

void Keys::erase(Key* key) {
  if (key->state == KeyState::ready) unready(key);
  if (key->state == KeyState::parked) parked_.erase(key->parked_at);
  if (key->shared) by_hash_.erase(key->hash);
  *key = Key{};
  free_.push_back(key);
}

void Keys::ready_last(Key* key) {
  key->state = KeyState::ready;
  key->before = last_;
  key->after = nullptr;
  (last_ != nullptr ? last_->after : first_) = key;
  last_ = key;
  ++ready_;
}

void Keys::ready_first(Key* key) {
  key->state = KeyState::ready;
  key->after = first_;
  key->before = nullptr;
  (first_ != nullptr ? first_->before : last_) = key;
  first_ = key;
  ++ready_;
}

void Keys::unready(Key* key) {
  (key->before != nullptr ? key->before->after : first_) = key->after;
  (key->after != nullptr ? key->after->before : last_) = key->before;
  key->before = key->after = nullptr;
  --ready_;
}

Key* Keys::take_ready() {
  Key* key = first_;
  if (key != nullptr) {
    unready(key);
    key->state = KeyState::taken;
  }
  return key;
}

void Keys::park(Key* key, Time due) {
  key->state = KeyState::parked;
  key->parked_at = parked_.emplace(due, key);
}

std::optional<Time> Keys::next_due() const {
  if (parked_.empty()) return std::nullopt;
  return parked_.begin()->first;
}

Key* Keys::take_due(Time now) {
  if (parked_.empty() || parked_.begin()->first > now) return nullptr;
  Key* key = parked_.begin()->second;
  parked_.erase(parked_.begin());
  key->state = KeyState::taken;
  return key;
}

std::uint64_t hash_key(gantry_bytes key, const Partition* partition) {
  // Order is per partition, so the same key in two partitions is two keys.
  const std::uint64_t text =
      std::hash<std::string_view>{}({reinterpret_cast<const char*>(key.data), key.size});
  return text ^ (std::hash<const void*>{}(partition)*0x9e3779b97f4a7c15u);
}

}  // namespace gantry::route
