// What is written down of letters that were settled.
#include "dlq/settled.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/dlq/letters_for_tests.hpp"

namespace gantry::dlq {
namespace {

using testing::ElementsAre;

TEST(Settled, is_a_letter_once_it_is_written_down) {
  const Letter letter = make_letter(gantry_headers("alert"));
  Settled settled;
  EXPECT_FALSE(settled.contains(letter));
  settled.take(settled_record(letter, Action::replayed, "alice@ops-1", 1'800'000'001'000));
  EXPECT_TRUE(settled.contains(letter));
  EXPECT_FALSE(settled.contains(make_letter(gantry_headers("alert"), 16)));
}

TEST(Settled, says_who_did_what_and_when) {
  const auto record = settled_record(make_letter(gantry_headers("alert")), Action::discarded,
                                     "alice@ops-1", 1'800'000'001'000);
  EXPECT_EQ(record.topic, "DLQ-topic.settled");
  EXPECT_EQ(record.key, "0:15");
  EXPECT_EQ(record.value,
            R"({"action":"discarded","by":"alice@ops-1","at":"2027-01-15T08:00:01.000Z",)"
            R"("letterTime":1800000000000})");
}

TEST(Settled, is_not_a_letter_at_the_same_place_of_a_topic_that_was_made_anew) {
  Settled settled;
  settled.take(settled_record(make_letter(gantry_headers("alert"), 15, 1000), Action::replayed,
                              "alice@ops-1", 2000));
  EXPECT_FALSE(settled.contains(make_letter(gantry_headers("alert"), 15, 3000)));
}

TEST(Settled, is_nothing_that_a_tombstone_has_taken_back) {
  const Letter letter = make_letter(gantry_headers("alert"));
  Settled settled;
  settled.take(settled_record(letter, Action::replayed, "alice@ops-1", 2000));
  settled.take(forget_record("DLQ-topic", "0:15"));
  EXPECT_FALSE(settled.contains(letter));
}

TEST(Settled, ignores_what_it_has_not_written) {
  const Letter letter = make_letter(gantry_headers("alert"));
  Settled settled;
  for (const char* value : {"", "{}", "[1]", "no JSON", R"({"letterTime":"x"})"}) {
    route::OutRecord record = settled_record(letter, Action::replayed, "alice@ops-1", 2000);
    record.value = value;
    settled.take(record);
    EXPECT_FALSE(settled.contains(letter)) << value;
  }
}

TEST(Settled, names_those_that_the_topic_no_longer_holds) {
  Settled settled;
  for (const int offset : {3, 15})
    settled.take(settled_record(make_letter(gantry_headers("alert"), offset), Action::replayed,
                                "alice@ops-1", 2000));
  EXPECT_THAT(settled.obsolete({{0, {10, 20}}}), ElementsAre("0:3"));
  EXPECT_THAT(settled.obsolete({{0, {0, 20}}}), ElementsAre());
}

}  // namespace
}  // namespace gantry::dlq
