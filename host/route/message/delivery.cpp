#include "route/message/delivery.hpp"

#include <cstring>
#include <utility>

namespace gantry::route {

namespace {

// Moves everything that `message` and `headers` point to into one new block.
void own_memory(Delivery& delivery) {
  const std::size_t size =
      delivery.message.key.size + delivery.message.value.size + size_of(delivery.headers);
  // Room for one byte more: an empty value must stay apart from Kafka's null, so it needs an
  // address too.
  auto block = std::make_unique<char[]>(size + 1);
  char* at = block.get();
  const auto move = [&at](const void* from, std::size_t length) {
    if (length != 0) std::memcpy(at, from, length);
    return std::exchange(at, at + length);
  };
  const auto move_bytes = [&move](gantry_bytes& bytes) {
    if (bytes.data != nullptr)
      bytes.data = reinterpret_cast<const std::uint8_t*>(move(bytes.data, bytes.size));
  };
  move_bytes(delivery.message.key);
  move_bytes(delivery.message.value);
  for (gantry_header& header : delivery.headers) {
    header.name.data = move(header.name.data, header.name.size);
    move_bytes(header.value);
  }
  if (delivery.topic_header >= 0) {
    const gantry_bytes& topic =
        delivery.headers[static_cast<std::size_t>(delivery.topic_header)].value;
    delivery.message.topic = {reinterpret_cast<const char*>(topic.data), topic.size};
  }
  delivery.copy = std::move(block);
  delivery.bytes = static_cast<std::uint32_t>(size);
}

}  // namespace

std::size_t size_of(const std::vector<gantry_header>& headers) {
  std::size_t size = 0;
  for (const gantry_header& header : headers) size += header.name.size + header.value.size;
  return size;
}

void read_headers(Delivery& delivery) {
  const UnreadHeaders unread = std::exchange(delivery.unread, {});
  if (unread.read == nullptr) return;
  unread.read(unread.record, delivery.headers);
  delivery.message.headers = delivery.headers.data();
  delivery.message.header_count = delivery.headers.size();
}

void detach(Delivery& delivery, std::vector<void*>& released) {
  if (delivery.fetched == nullptr) return;
  read_headers(delivery);
  own_memory(delivery);
  released.push_back(std::exchange(delivery.fetched, nullptr));
}

void copy_record(const Delivery& from, Delivery& to) {
  to.message = from.message;
  to.headers = from.headers;
  to.message.headers = to.headers.data();
  to.bytes = from.bytes;
  to.log_offset = from.log_offset;
  to.timestamp_type = from.timestamp_type;
  to.topic_header = from.topic_header;
  own_memory(to);
}

void drop_records(Delivery& delivery) {
  delivery.records.clear();
  delivery.no_room = false;
}

void clear(Delivery& delivery, std::vector<void*>& released) {
  if (delivery.fetched != nullptr) released.push_back(delivery.fetched);
  static const DeliveryState kNew;  // not made on the stack each time: that waits for its stores
  static_cast<DeliveryState&>(delivery) = kNew;
  delivery.message = {};
  delivery.headers.clear();
  delivery.copy.reset();
  delivery.records.clear();
}

}  // namespace gantry::route
