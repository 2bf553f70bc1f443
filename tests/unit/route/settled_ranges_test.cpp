// The text in a commit's metadata: what comes back is what was put in, or nothing.
#include "route/dispatch/settled_ranges.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>

namespace gantry::route {
namespace {

constexpr std::string_view kTopic = "trace-topic";
const CommitPoint kPoint{kTopic, 2, 1000};

OffsetRanges random_ranges(std::mt19937_64& random, std::int64_t from, std::size_t count) {
  const auto step = [&random] {  // of every size, small ones mostly
    return 1 + static_cast<std::int64_t>(random() % (std::uint64_t{1} << (random() % 40)));
  };
  OffsetRanges ranges;
  for (std::int64_t at = from; ranges.size() < count; at = ranges.back().end) {
    const std::int64_t begin = at + step();
    ranges.push_back({begin, begin + step()});
  }
  return ranges;
}

class SettledRanges : public testing::Test {
 protected:
  SettledRanges() { RecordProperty("seed", std::to_string(seed)); }
  const std::uint64_t seed = std::random_device{}();
  std::mt19937_64 random{seed};
  testing::ScopedTrace trace{__FILE__, __LINE__, "seed " + std::to_string(seed)};
};

TEST_F(SettledRanges, come_back_as_they_were) {
  for (int round = 0; round < 2000; ++round) {
    const CommitPoint point{kTopic, static_cast<std::int32_t>(random() % 100),
                            static_cast<std::int64_t>(random() % 1'000'000'000'000)};
    const OffsetRanges ranges = random_ranges(random, point.offset, random() % 200);
    const DecodedRanges decoded = decode_settled(point, encode_settled(point, ranges));
    ASSERT_EQ(decoded.problem, "");
    ASSERT_EQ(decoded.ranges, ranges);
  }
}

TEST_F(SettledRanges, of_the_largest_offsets_come_back) {
  constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
  const OffsetRanges ranges{{1000, 1001}, {kLast - 1, kLast}};
  EXPECT_EQ(decode_settled(kPoint, encode_settled(kPoint, ranges)).ranges, ranges);
  const OffsetRanges all{{0, kLast}};
  const CommitPoint begin{kTopic, 0, 0};
  EXPECT_EQ(decode_settled(begin, encode_settled(begin, all)).ranges, all);
}

TEST_F(SettledRanges, that_do_not_fit_are_left_out_from_the_far_end) {
  for (int round = 0; round < 200; ++round) {
    const OffsetRanges ranges = random_ranges(random, kPoint.offset, 3000);
    const std::size_t limit = round == 0 ? kMetadataBytes : 20 + random() % kMetadataBytes;
    const std::string text = encode_settled(kPoint, ranges, limit);
    ASSERT_LE(text.size(), limit);
    const DecodedRanges decoded = decode_settled(kPoint, text);
    ASSERT_EQ(decoded.problem, "");
    ASSERT_TRUE(std::ranges::equal(decoded.ranges, std::span{ranges}.first(decoded.ranges.size())));
    const std::string longer = encode_settled(kPoint, ranges, limit + 40);
    ASSERT_GT(decode_settled(kPoint, longer).ranges.size(), decoded.ranges.size())
        << "one more would have had room";
  }
}

TEST_F(SettledRanges, of_alternate_records_fit_two_thousand_times_into_four_kibibytes) {
  OffsetRanges ranges;
  for (std::int64_t at = 1001; ranges.size() < 5000; at += 2) ranges.push_back({at, at + 1});
  const std::string text = encode_settled(kPoint, ranges);
  EXPECT_LE(text.size(), kMetadataBytes);
  const std::size_t fit = decode_settled(kPoint, text).ranges.size();
  EXPECT_GE(fit, 2000u);
  EXPECT_LE(fit, kMostRanges);
}

TEST_F(SettledRanges, are_nothing_where_there_are_none_or_no_room) {
  EXPECT_EQ(encode_settled(kPoint, {}), "");
  EXPECT_EQ(encode_settled(kPoint, OffsetRanges{{1001, 1002}}, 10), "");
  const DecodedRanges nothing = decode_settled(kPoint, "");
  EXPECT_EQ(nothing.problem, "");
  EXPECT_TRUE(nothing.ranges.empty());
}

TEST_F(SettledRanges, are_printable_ascii_that_names_the_program) {
  const std::string text = encode_settled(kPoint, random_ranges(random, kPoint.offset, 500));
  EXPECT_TRUE(text.starts_with("gantry:1:")) << text;
  EXPECT_TRUE(std::ranges::all_of(text, [](char c) { return c > ' ' && c < 127; })) << text;
}

TEST_F(SettledRanges, belong_to_one_committed_offset) {
  const OffsetRanges ranges{{1005, 1010}};
  const std::string text = encode_settled(kPoint, ranges);
  EXPECT_EQ(decode_settled(kPoint, text).ranges, ranges);
  for (const CommitPoint& other : {CommitPoint{kTopic, 2, 1001}, CommitPoint{kTopic, 3, 1000},
                                   CommitPoint{"mirror.trace-topic", 2, 1000}}) {
    EXPECT_NE(decode_settled(other, text).problem, "");
    EXPECT_TRUE(decode_settled(other, text).ranges.empty());
  }
}

TEST_F(SettledRanges, of_a_log_that_went_back_end_there) {
  const OffsetRanges ranges{{1005, 1010}, {900, 905}, {1020, 1030}};
  EXPECT_EQ(decode_settled(kPoint, encode_settled(kPoint, ranges)).ranges,
            (OffsetRanges{{1005, 1010}}));
  EXPECT_EQ(encode_settled(kPoint, OffsetRanges{{1010, 1005}}), "");
}

TEST_F(SettledRanges, of_other_programs_and_versions_are_not_read) {
  for (const std::string text : {"AQAAAAAAAAAB", "{\"offset\":7}", "gantry", "gantry:2:00000000:AB",
                                 "gantry:1:", "gantry:1:00000000", "gantry:1:00000000:AB",
                                 "gantry:1::AB", " ", "\xFF\xFE"}) {
    const DecodedRanges decoded = decode_settled(kPoint, text);
    EXPECT_NE(decoded.problem, "") << text;
    EXPECT_TRUE(decoded.ranges.empty()) << text;
  }
}

std::string damaged(std::string text, std::mt19937_64& random) {
  for (std::uint64_t times = 1 + random() % 3; times > 0 && !text.empty(); --times) {
    const std::size_t at = random() % text.size();
    switch (random() % 4) {
      case 0:
        text[at] = static_cast<char>(random());
        break;
      case 1:
        text.resize(at);
        break;
      case 2:
        text.insert(at, 1, static_cast<char>(random()));
        break;
      default:
        text.erase(at, 1 + random() % 5);
    }
  }
  return text;
}

TEST_F(SettledRanges, that_were_damaged_are_not_trusted) {
  for (int round = 0; round < 100'000; ++round) {
    const OffsetRanges ranges = random_ranges(random, kPoint.offset, 1 + random() % 10);
    const std::string text = encode_settled(kPoint, ranges);
    const std::string broken = damaged(text, random);
    if (broken == text || broken.empty()) continue;
    const DecodedRanges decoded = decode_settled(kPoint, broken);
    ASSERT_NE(decoded.problem, "") << text << " became " << broken;
    ASSERT_TRUE(decoded.ranges.empty());
  }
}

}  // namespace
}  // namespace gantry::route
