#include "route/dispatch/settled_ranges.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <limits>
#include <optional>

namespace gantry::route {
namespace {

constexpr std::string_view kProgram = "gantry:";
constexpr std::string_view kVersion = "1:";
constexpr std::size_t kHead = kProgram.size() + kVersion.size() + 9;  // 8 digits and a colon
constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr unsigned kBits = 5;
constexpr unsigned kMore = 1u << kBits;

void append_number(std::string& text, std::uint64_t number) {
  while (number >= kMore) {
    text += kDigits[(number % kMore) | kMore];
    number >>= kBits;
  }
  text += kDigits[number];
}

// Takes a number off the front. nullopt: there is none that an offset could be.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; !text.empty() && shift <= 60; shift += kBits) {
    const std::size_t digit = kDigits.find(text.front());
    if (digit == std::string_view::npos) return std::nullopt;
    text.remove_prefix(1);
    if (shift == 60 && digit >= 8) return std::nullopt;  // beyond 63 bits
    number |= (digit % kMore) << shift;
    if (digit < kMore) return static_cast<std::int64_t>(number);
  }
  return std::nullopt;
}

std::string checksum(const CommitPoint& commit, std::string_view body) {
  boost::crc_32_type crc;
  const auto add = [&crc](std::string_view text) {
    crc.process_bytes(text.data(), text.size());
    crc.process_byte('\n');
  };
  add(commit.topic);
  add(std::to_string(commit.partition));
  add(std::to_string(commit.offset));
  add(body);
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4)
    text += "0123456789abcdef"[(crc.checksum() >> shift) & 15];
  return text;
}

}  // namespace

OffsetRanges unite(OffsetRanges a, const OffsetRanges& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::ranges::sort(a, {}, &OffsetRange::begin);
  OffsetRanges all;
  for (const OffsetRange& range : a) {
    if (range.begin >= range.end) continue;
    if (!all.empty() && range.begin <= all.back().end)
      all.back().end = std::max(all.back().end, range.end);
    else
      all.push_back(range);
  }
  return all;
}

std::string encode_settled(const CommitPoint& commit, std::span<const OffsetRange> ranges,
                           std::size_t limit) {
  std::string body;
  std::int64_t at = commit.offset;
  for (const OffsetRange& range : ranges) {
    // A log that went back, as after an unclean election, leaves what can't be told in this way.
    if (range.begin < at || range.end <= range.begin) break;
    const std::size_t before = body.size();
    append_number(body, static_cast<std::uint64_t>(range.begin - at));
    append_number(body, static_cast<std::uint64_t>(range.end - range.begin));
    if (kHead + body.size() > limit) {
      body.resize(before);
      break;
    }
    at = range.end;
  }
  if (body.empty()) return {};
  std::string text{kProgram};
  text += kVersion;
  text += checksum(commit, body);
  text += ':';
  return text += body;
}

DecodedRanges decode_settled(const CommitPoint& commit, std::string_view metadata) {
  if (metadata.empty()) return {};
  if (!metadata.starts_with(kProgram)) return {{}, "it was written by another program"};
  metadata.remove_prefix(kProgram.size());
  if (!metadata.starts_with(kVersion)) return {{}, "it is of a version that is not known here"};
  metadata.remove_prefix(kVersion.size());
  const std::string_view sum = metadata.substr(0, metadata.find(':'));
  if (sum.size() == metadata.size()) return {{}, "it is cut off"};
  std::string_view body = metadata.substr(sum.size() + 1);
  if (sum != checksum(commit, body))
    return {{}, "its checksum is not that of this topic, partition and offset"};

  DecodedRanges decoded;
  for (std::int64_t at = commit.offset; !body.empty();) {
    const auto gap = take_number(body);
    const auto length = gap ? take_number(body) : std::nullopt;
    const std::int64_t room = std::numeric_limits<std::int64_t>::max() - at;
    if (!length || *length == 0 || *gap > room || *length > room - *gap)
      return {{}, "its numbers are no ranges"};
    decoded.ranges.push_back({at + *gap, at + *gap + *length});
    at = decoded.ranges.back().end;
  }
  return decoded;
}

}  // namespace gantry::route
