// What is settled above a committed offset, as text for the metadata of that commit, so that a
// restart does not deliver it again. Pure, any thread.
//
//   gantry:1:CRC:GAP LENGTH GAP LENGTH …     printable ASCII, without the spaces
//
// From the committed offset on: so many offsets that are not settled (or have no record), so many
// that are, and so on; each number in digits of 5 bits, the least significant first, 32 added to
// all but the last. CRC is the CRC-32 of topic, partition, offset and body: a tool that carries
// metadata over to another offset, as a mirror of the topic does, makes nobody skip what was never
// handled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gantry::route {

struct OffsetRange {
  std::int64_t begin;
  std::int64_t end;  // one past the last
  bool operator==(const OffsetRange&) const = default;
};
using OffsetRanges = std::vector<OffsetRange>;  // ascending, apart from each other

// The brokers' default offset.metadata.max.bytes.
constexpr std::size_t kMetadataBytes = 4096;
// More never fit: a range takes two digits at least.
constexpr std::size_t kMostRanges = kMetadataBytes / 2;

// What is in either.
OffsetRanges unite(OffsetRanges a, const OffsetRanges& b);

// The commit that the text goes with; it is good for no other.
struct CommitPoint {
  std::string_view topic;
  std::int32_t partition;
  std::int64_t offset;
};

// The nearest ranges that fit into `limit` bytes; what is left out is delivered again. Empty: none.
std::string encode_settled(const CommitPoint& commit, std::span<const OffsetRange> ranges,
                           std::size_t limit = kMetadataBytes);

struct DecodedRanges {
  OffsetRanges ranges;
  std::string_view problem;  // not empty: the text is not to be trusted, and there are no ranges
};
DecodedRanges decode_settled(const CommitPoint& commit, std::string_view metadata);

}  // namespace gantry::route
