#include "unit/route/fetched_records.hpp"

#include <gtest/gtest.h>

namespace gantry::route {
namespace {

gantry_bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

FetchedRecords::~FetchedRecords() {
  for (void* left : held_) delete static_cast<Record*>(left);
}

void FetchedRecords::fill(Delivery& into, const std::string& topic, std::int32_t partition,
                          std::int64_t offset, std::optional<std::string> key,
                          std::size_t value_size) {
  auto* record = new Record{topic, key.value_or(""), std::string(value_size, 'v'), "header"};
  gantry_message& message = into.message;
  message.struct_size = sizeof message;
  message.topic = {record->topic.data(), record->topic.size()};
  message.partition = partition;
  message.offset = offset;
  message.key = key ? bytes_of(record->key) : gantry_bytes{nullptr, 0};
  message.value = bytes_of(record->value);
  into.headers.push_back({{record->header.data(), record->header.size()}, bytes_of(record->key)});
  message.headers = into.headers.data();
  message.header_count = into.headers.size();
  into.bytes = static_cast<std::uint32_t>(2 * record->key.size() + record->value.size() +
                                          record->header.size());
  into.fetched = record;
  const std::lock_guard lock{mutex_};
  held_.insert(record);
}

void FetchedRecords::release(void* fetched) {
  {
    const std::lock_guard lock{mutex_};
    if (held_.erase(fetched) == 0) {
      ADD_FAILURE() << "a fetched message was released twice";
      return;
    }
  }
  delete static_cast<Record*>(fetched);
}

std::size_t FetchedRecords::held() const {
  const std::lock_guard lock{mutex_};
  return held_.size();
}

}  // namespace gantry::route
