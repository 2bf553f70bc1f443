#include "route/message/dead_letter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gantry::route {
namespace {

using config::HeaderFamily;
using Header = std::pair<std::string, std::optional<std::string>>;

std::string bytes(std::initializer_list<int> values) {
  std::string result;
  for (const int value : values) result += static_cast<char>(value);
  return result;
}

// The original of most tests: partition 2, offset 0x0102030405060708, timestamp 1795435200123
// (0x01A20846FE7B).
class DeadLetterTest : public testing::Test {
 protected:
  void header(std::string name, std::optional<std::string> value) {
    headers_.emplace_back(std::move(name), std::move(value));
  }

  OutRecord make(std::vector<HeaderFamily> families,
                 std::optional<std::int32_t> partitions = std::nullopt) {
    std::vector<gantry_header> raw;
    for (const auto& [name, value] : headers_) {
      raw.push_back({{name.data(), name.size()}, view(value)});
    }
    gantry_message message{};
    message.struct_size = sizeof message;
    message.topic = {"trace-topic", 11};
    message.partition = partition_;
    message.offset = 0x0102030405060708;
    message.timestamp_ms = 1795435200123;
    message.key = view(key_);
    message.value = view(value_);
    message.headers = raw.data();
    message.header_count = raw.size();
    return make_dead_letter(message, reason_, {"DLQ-topic", std::move(families)}, partitions);
  }

  static gantry_bytes view(const std::optional<std::string>& text) {
    if (!text) return {nullptr, 0};
    return {reinterpret_cast<const std::uint8_t*>(text->data()), text->size()};
  }
  static std::vector<Header> all(const OutRecord& record) {
    std::vector<Header> result;
    for (const OutHeader& h : record.headers) result.emplace_back(h.name, h.value);
    return result;
  }

  std::int32_t partition_ = 2;
  std::optional<std::string> key_ = "key";
  std::optional<std::string> value_ = "value";
  std::vector<Header> headers_;
  DeadLetterReason reason_{
      DeadLetterCause::exhausted, "alert", "default-group-alert", "no luck", "alert-talk", 4,
      TimestampType::create_time};
};

const std::vector<Header> gantry_family = {{"gantry.route", "alert"},
                                           {"gantry.reason", "exhausted"},
                                           {"gantry.error", "no luck"},
                                           {"gantry.attempts", "4"},
                                           {"gantry.original-topic", "trace-topic"},
                                           {"gantry.original-partition", "2"},
                                           {"gantry.original-offset", "72623859790382856"},
                                           {"gantry.original-timestamp", "1795435200123"},
                                           {"gantry.replays", "0"}};
const std::vector<Header> spring_family = {
    {"kafka_dlt-original-topic", "trace-topic"},
    {"kafka_dlt-original-partition", bytes({0, 0, 0, 2})},
    {"kafka_dlt-original-offset", bytes({1, 2, 3, 4, 5, 6, 7, 8})},
    {"kafka_dlt-original-timestamp", bytes({0, 0, 0x01, 0xA2, 0x08, 0x46, 0xFE, 0x7B})},
    {"kafka_dlt-original-timestamp-type", "CreateTime"},
    {"kafka_dlt-original-consumer-group", "default-group-alert"},
    {"kafka_dlt-exception-fqcn", "alert-talk"},
    {"kafka_dlt-exception-message", "no luck"}};
const std::vector<Header> connect_family = {{"__connect.errors.topic", "trace-topic"},
                                            {"__connect.errors.partition", "2"},
                                            {"__connect.errors.offset", "72623859790382856"},
                                            {"__connect.errors.connector.name", "alert"},
                                            {"__connect.errors.task.id", "0"},
                                            {"__connect.errors.stage", "TASK_PUT"},
                                            {"__connect.errors.exception.class.name", "alert-talk"},
                                            {"__connect.errors.exception.message", "no luck"}};

std::vector<Header> joined(std::initializer_list<std::vector<Header>> parts) {
  std::vector<Header> result;
  for (const auto& part : parts) result.insert(result.end(), part.begin(), part.end());
  return result;
}

TEST_F(DeadLetterTest, gantry_headers_are_text) {
  EXPECT_EQ(all(make({HeaderFamily::gantry})), gantry_family);
}

TEST_F(DeadLetterTest, spring_headers_are_the_bytes_that_spring_kafka_writes) {
  EXPECT_EQ(all(make({HeaderFamily::spring})), spring_family);
}

TEST_F(DeadLetterTest, connect_headers_are_text) {
  EXPECT_EQ(all(make({HeaderFamily::connect})), connect_family);
}

TEST_F(DeadLetterTest, families_come_in_one_order_whatever_the_configurations) {
  EXPECT_EQ(all(make({HeaderFamily::connect, HeaderFamily::spring, HeaderFamily::gantry})),
            joined({gantry_family, spring_family, connect_family}));
}

TEST_F(DeadLetterTest, without_families_adds_nothing) {
  header("a", "1");
  EXPECT_EQ(all(make({})), headers_);
}

TEST_F(DeadLetterTest, keeps_key_value_and_headers_byte_for_byte) {
  key_ = bytes({0, 0xFF, '\n'});
  value_ = bytes({0xC0, 0, '{'});
  header("a", "1");
  header("", bytes({0}));
  header("null", std::nullopt);
  header("empty", "");
  header("a", "2");
  const OutRecord record = make({HeaderFamily::gantry});
  EXPECT_EQ(record.topic, "DLQ-topic");
  EXPECT_EQ(record.key, key_);
  EXPECT_EQ(record.value, value_);
  EXPECT_EQ(all(record), joined({headers_, gantry_family}));
}

TEST_F(DeadLetterTest, tells_null_from_empty) {
  key_ = std::nullopt;
  value_ = std::nullopt;
  EXPECT_EQ(make({}).key, std::nullopt);
  EXPECT_EQ(make({}).value, std::nullopt);
  key_ = "";
  value_ = "";
  EXPECT_EQ(make({}).key, "");
  EXPECT_EQ(make({}).value, "");
}

TEST_F(DeadLetterTest, gets_its_own_time_so_that_retention_counts_from_now) {
  EXPECT_EQ(make({}).timestamp_ms, 0);
}

TEST_F(DeadLetterTest, goes_to_the_originals_partition_where_there_is_one) {
  EXPECT_EQ(make({}, 3).partition, 2);
  EXPECT_EQ(make({}, 2).partition, -1);
  EXPECT_EQ(make({}, std::nullopt).partition, -1);
  partition_ = -1;
  EXPECT_EQ(make({}, 3).partition, -1);
}

TEST_F(DeadLetterTest, names_each_cause) {
  EXPECT_EQ(cause_name(DeadLetterCause::rejected), "rejected");
  EXPECT_EQ(cause_name(DeadLetterCause::exhausted), "exhausted");
  EXPECT_EQ(cause_name(DeadLetterCause::crashed), "crashed");
  EXPECT_EQ(cause_name(DeadLetterCause::send_failed), "send-failed");
}

TEST_F(DeadLetterTest, puts_the_cause_where_there_is_no_error_class) {
  reason_.error_class.clear();
  EXPECT_EQ(make({HeaderFamily::spring}).headers[6].value, "exhausted");
}

TEST_F(DeadLetterTest, names_the_timestamp_type_as_java_does) {
  reason_.timestamp_type = TimestampType::log_append_time;
  EXPECT_EQ(make({HeaderFamily::spring}).headers[4].value, "LogAppendTime");
  reason_.timestamp_type = TimestampType::none;
  EXPECT_EQ(make({HeaderFamily::spring}).headers[4].value, "NoTimestampType");
}

TEST_F(DeadLetterTest, cuts_the_error_at_a_thousand_bytes) {
  reason_.error = std::string(1001, 'x');
  EXPECT_EQ(make({HeaderFamily::gantry}).headers[2].value, std::string(1000, 'x'));
  EXPECT_EQ(make({HeaderFamily::spring}).headers[7].value, std::string(1000, 'x'));
}

TEST_F(DeadLetterTest, does_not_cut_a_character_in_two) {
  reason_.error = std::string(999, 'x') + "주";
  EXPECT_EQ(make({HeaderFamily::gantry}).headers[2].value, std::string(999, 'x'));
}

// ---- a record that was replayed ----

std::vector<Header> with_replays(std::vector<Header> family, const std::string& count) {
  family.back().second = count;
  return family;
}

TEST_F(DeadLetterTest, of_a_replayed_record_replaces_the_hosts_older_headers) {
  const std::vector<Header> own = {{"a", "1"}, {"__TypeId__", "OrderCreatedEvent"}};
  headers_ = joined({own, with_replays(gantry_family, "2"), spring_family});
  reason_.error = "again";
  const auto made = all(make({HeaderFamily::gantry, HeaderFamily::spring}));
  EXPECT_EQ(made.size(), own.size() + gantry_family.size() + spring_family.size());
  EXPECT_EQ(made[0], own[0]);
  EXPECT_EQ(made[1], own[1]);
  EXPECT_EQ(made[4], (Header{"gantry.error", "again"}));
  EXPECT_EQ(made[10], (Header{"gantry.replays", "2"}));
}

TEST_F(DeadLetterTest, of_a_record_that_was_not_replayed_keeps_headers_that_look_like_its_own) {
  headers_ = joined({gantry_family, spring_family});  // a route that reads a dead-letter topic
  EXPECT_EQ(all(make({HeaderFamily::gantry})), joined({headers_, gantry_family}));
}

TEST_F(DeadLetterTest, of_a_replayed_record_keeps_what_a_spring_service_had_written) {
  const std::vector<Header> springs_own = {{"kafka_dlt-original-topic", "java-topic"},
                                           {"kafka_dlt-exception-message", "NullPointer"}};
  headers_ = joined({springs_own, with_replays(gantry_family, "1"), spring_family});
  EXPECT_EQ(all(make({HeaderFamily::gantry, HeaderFamily::spring})),
            joined({springs_own, with_replays(gantry_family, "1"), spring_family}));
}

TEST_F(DeadLetterTest, of_a_replayed_record_counts_on_without_the_gantry_family) {
  headers_ = joined({spring_family, {{"gantry.replays", "3"}}});
  EXPECT_EQ(all(make({HeaderFamily::spring})), joined({{{"gantry.replays", "3"}}, spring_family}));
}

TEST_F(DeadLetterTest, takes_a_replay_count_that_is_no_number_for_the_originals_own) {
  for (const char* odd : {"", "x", "1x", "-1", "99999999999"}) {
    headers_ = {{"gantry.replays", odd}};
    EXPECT_EQ(all(make({})), headers_) << odd;
  }
}

TEST(DeadLetterOfARecord, has_its_bytes_and_names_its_topic) {
  OutRecord refused;
  refused.topic = "out";
  refused.key = std::string("\0k", 2);
  refused.value = std::nullopt;
  refused.headers = {{"a", std::string("\0", 1)}, {"null", std::nullopt}, {"empty", ""}};
  const OutRecord letter = make_dead_letter(refused, 1795435200123,
                                            {.cause = DeadLetterCause::send_failed,
                                             .route = "alert",
                                             .group = "g",
                                             .error = "MSG_SIZE_TOO_LARGE: too large",
                                             .error_class = "MSG_SIZE_TOO_LARGE"},
                                            {"DLQ-topic", {HeaderFamily::gantry}});
  EXPECT_EQ(letter.topic, "DLQ-topic");
  EXPECT_EQ(letter.partition, -1);
  EXPECT_EQ(letter.key, refused.key);
  EXPECT_EQ(letter.value, std::nullopt);
  std::vector<Header> headers;
  for (const OutHeader& header : letter.headers) headers.emplace_back(header.name, header.value);
  EXPECT_EQ(headers, (std::vector<Header>{{"a", std::string("\0", 1)},
                                          {"null", std::nullopt},
                                          {"empty", ""},
                                          {"gantry.route", "alert"},
                                          {"gantry.reason", "send-failed"},
                                          {"gantry.error", "MSG_SIZE_TOO_LARGE: too large"},
                                          {"gantry.attempts", "1"},
                                          {"gantry.original-topic", "out"},
                                          {"gantry.original-partition", "-1"},
                                          {"gantry.original-offset", "-1"},
                                          {"gantry.original-timestamp", "1795435200123"},
                                          {"gantry.replays", "0"}}));
}

}  // namespace
}  // namespace gantry::route
