// Which letters a command is about, and which it must never be about by mistake.
#include "dlq/filter.hpp"

#include <gtest/gtest.h>

#include "unit/dlq/letters_for_tests.hpp"

namespace gantry::dlq {
namespace {

bool meant(const Filter& filter, Letter letter) { return matches(filter, letter, make_config()); }
std::string owner_after(const Filter& filter, Letter letter) {
  return matches(filter, letter, make_config()) ? letter.route : "(not meant)";
}

TEST(Filter, without_anything_means_all) {
  EXPECT_TRUE(Filter().all());
  EXPECT_TRUE(meant({}, make_letter(gantry_headers("alert"))));
  EXPECT_FALSE((Filter{.route = "alert"}.all()));
}

TEST(Filter, by_route_reason_topic_and_group_takes_those_that_are_equal) {
  const Letter letter = make_letter(gantry_headers("alert"));
  EXPECT_TRUE(meant({.route = "alert", .reason = "exhausted", .topic = "trace-topic"}, letter));
  EXPECT_FALSE(meant({.route = "order-saver"}, letter));
  EXPECT_FALSE(meant({.reason = "rejected"}, letter));
  EXPECT_FALSE(meant({.topic = "coupon-topic"}, letter));
  EXPECT_FALSE(meant({.group = "default-group-alert"}, letter)) << "its headers tell no group";
}

TEST(Filter, by_key_takes_the_bytes_or_what_is_shown_of_them) {
  Letter letter = make_letter(gantry_headers("alert"));
  EXPECT_TRUE(meant({.key = "order-7"}, letter));
  EXPECT_FALSE(meant({.key = "order-"}, letter));
  letter.record.key = std::string("\0\0\0\0\0\0\0\x29", 8);
  EXPECT_TRUE(meant({.key = "41"}, letter));
  EXPECT_TRUE(meant({.key = *letter.record.key}, letter));
  letter.record.key = std::nullopt;
  EXPECT_FALSE(meant({.key = "-"}, letter));
}

TEST(Filter, by_time_is_from_the_first_instant_to_before_the_last) {
  const Letter letter = make_letter(gantry_headers("alert"), 15, 1000);
  EXPECT_TRUE(meant({.since_ms = 1000, .until_ms = 1001}, letter));
  EXPECT_FALSE(meant({.since_ms = 1001}, letter));
  EXPECT_FALSE(meant({.until_ms = 1000}, letter));
}

TEST(Filter, by_name_takes_that_letter_alone) {
  EXPECT_TRUE(meant({.ids = {{"DLQ-topic", 0, 15}}}, make_letter(gantry_headers("alert"))));
  EXPECT_FALSE(meant({.ids = {{"DLQ-topic", 0, 15}}}, make_letter(gantry_headers("alert"), 16)));
}

TEST(Filter, gives_a_letter_of_two_routes_to_the_one_that_is_told) {
  const Letter letter = make_letter(spring_headers("", "trace-topic"));
  EXPECT_EQ(owner_after({}, letter), "");
  EXPECT_EQ(owner_after({.route = "alert"}, letter), "alert");
  EXPECT_EQ(owner_after({.route = "coupon-issue"}, letter), "(not meant)");
}

TEST(Filter, gives_another_applications_letter_away_only_when_its_group_is_told) {
  const Letter letter = make_letter(spring_headers("inventory-service", "trace-topic"));
  EXPECT_EQ(owner_after({.route = "alert"}, letter), "(not meant)");
  EXPECT_EQ(owner_after({.route = "alert", .topic = "trace-topic"}, letter), "(not meant)");
  EXPECT_EQ(owner_after({.route = "alert", .group = "inventory-service"}, letter), "alert");
}

TEST(Filter, gives_a_letter_of_a_topic_that_no_route_reads_away_when_its_topic_is_told) {
  const Letter letter = make_letter(spring_headers("", "stock-topic"));
  EXPECT_EQ(owner_after({.route = "alert"}, letter), "(not meant)");
  EXPECT_EQ(owner_after({.route = "alert", .topic = "stock-topic"}, letter), "alert");
}

TEST(Filter, gives_a_letter_that_tells_nothing_away_only_by_its_name) {
  const Letter letter = make_letter({});
  EXPECT_EQ(owner_after({.route = "alert"}, letter), "(not meant)");
  EXPECT_EQ(owner_after({.ids = {letter.id}, .route = "alert"}, letter), "alert");
}

TEST(Filter, never_takes_a_letter_from_the_route_that_it_names) {
  const Letter letter = make_letter(gantry_headers("alert"));
  EXPECT_EQ(owner_after({.ids = {letter.id}, .route = "order-saver"}, letter), "(not meant)");
}

}  // namespace
}  // namespace gantry::dlq
