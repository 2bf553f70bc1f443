#include "route/message/outgoing.hpp"

#include <bit>

namespace gantry::route {
namespace {

// The protocol's varint of a length: seven bits a byte, of its double, since it is signed.
std::size_t length_size(std::size_t length) {
  return (static_cast<std::size_t>(std::bit_width(2 * length | 1)) + 6) / 7;
}

std::size_t sized(std::size_t length) { return length_size(length) + length; }

}  // namespace

std::size_t wire_size(const OutRecord& record) {
  constexpr std::size_t kMostOverhead = 36;  // lengths, attributes, and what is told of the batch's
  std::size_t size = kMostOverhead + (record.key ? record.key->size() : 0) +
                     (record.value ? record.value->size() : 0);
  for (const OutHeader& header : record.headers)
    size += sized(header.name.size()) + (header.value ? sized(header.value->size()) : 1);
  return size;
}

bool Room::take(std::uint64_t bytes, const Delivery* who) {
  if (used_.fetch_add(bytes) + bytes <= most_) return true;
  const Delivery* nobody = nullptr;
  if (beyond_.load() == who || beyond_.compare_exchange_strong(nobody, who)) return true;
  used_.fetch_sub(bytes);
  return false;
}

void Room::give_back(std::uint64_t bytes) {
  if (used_.fetch_sub(bytes) - bytes <= most_ && beyond_.load() != nullptr) beyond_ = nullptr;
}

}  // namespace gantry::route
