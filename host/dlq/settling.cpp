#include "dlq/settling.hpp"

#include <chrono>
#include <utility>

namespace gantry::dlq {
namespace {

constexpr std::size_t kMostOnTheirWay = 1000;
constexpr std::size_t kMostBytes = 16 * 1024 * 1024;

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::size_t size_of(const route::OutRecord& record) {
  return (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
}

}  // namespace

Settling::Settling(route::Publisher& publisher, std::string by)
    : publisher_(publisher), by_(std::move(by)) {}

Settling::~Settling() { finish(); }

bool Settling::replay(const Letter& letter, route::OutRecord copy) {
  const std::size_t bytes = size_of(copy);
  if (!make_room(bytes)) return false;
  route::OutRecord settled = settled_record(letter, Action::replayed, by_, now_ms());
  publisher_.publish(std::move(copy), [this, bytes, settled = std::move(settled)](
                                          const route::PublishResult& result) mutable {
    if (result.status == route::PublishStatus::acknowledged)
      mark(std::move(settled), bytes);
    else
      answered(result, false, bytes);
  });
  return true;
}

bool Settling::settle(const Letter& letter, Action action) {
  if (!make_room(0)) return false;
  mark(settled_record(letter, action, by_, now_ms()), 0);
  return true;
}

void Settling::forget(const std::string& dead_letter_topic, const std::string& key) {
  if (!make_room(0)) return;
  publisher_.publish(forget_record(dead_letter_topic, key), [this](const route::PublishResult&) {
    const std::lock_guard lock{mutex_};  // of no importance: the next command tries again
    --on_their_way_;
    changed_.notify_all();
  });
}

void Settling::mark(route::OutRecord record, std::size_t bytes) {
  publisher_.publish(std::move(record), [this, bytes](const route::PublishResult& result) {
    answered(result, true, bytes);
  });
}

bool Settling::make_room(std::size_t bytes) {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] {
    return on_their_way_ == 0 || (on_their_way_ < kMostOnTheirWay && bytes_ + bytes <= kMostBytes);
  });
  if (!counts_.error.empty()) return false;
  ++on_their_way_;
  bytes_ += bytes;
  return true;
}

void Settling::answered(const route::PublishResult& result, bool is_mark, std::size_t bytes) {
  const std::lock_guard lock{mutex_};
  if (result.status == route::PublishStatus::acknowledged) {
    ++counts_.settled;
  } else if (result.status == route::PublishStatus::refused && !is_mark) {
    if (counts_.refused++ == 0) counts_.refusal = result.error;
  } else if (counts_.error.empty()) {
    counts_.error = result.error;
  }
  --on_their_way_;
  bytes_ -= bytes;
  changed_.notify_all();
}

void Settling::finish() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return on_their_way_ == 0; });
}

Settling::Counts Settling::counts() const {
  const std::lock_guard lock{mutex_};
  return counts_;
}

}  // namespace gantry::dlq
