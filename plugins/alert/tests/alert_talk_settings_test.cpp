#include "alert_talk_settings.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <stdexcept>

#include "alert_talk_payload.hpp"

namespace notifications {
namespace {

AlertTalkSettings valid() {
  AlertTalkSettings settings;
  settings.url = "http://localhost/messages";
  settings.template_code = "order-paid";
  settings.sender_key = "key";
  settings.idempotency_header = "Idempotency-Key";
  return settings;
}

std::string error_of(const AlertTalkSettings& settings) {
  try {
    check(settings);
    return "";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(AlertTalkSettings, are_checked_by_name) {
  EXPECT_EQ(error_of(valid()), "");
  AlertTalkSettings header = valid();
  header.idempotency_header = "Key: x\r\nInjected";
  EXPECT_TRUE(error_of(header).starts_with("idempotency_header: "));
  AlertTalkSettings pointer = valid();
  pointer.success_pointer = "result.success";
  EXPECT_TRUE(error_of(pointer).starts_with("success_pointer: "));
  AlertTalkSettings key = valid();
  key.sender_key = "";
  EXPECT_EQ(error_of(key), "sender_key: is empty");
  AlertTalkSettings code = valid();
  code.template_code = "";
  EXPECT_EQ(error_of(code), "template: is empty");
}

TEST(DuplicateCode, is_a_status_or_a_value_in_the_body) {
  EXPECT_EQ(parse_duplicate_code("409").status, 409);
  const DuplicateCode code = parse_duplicate_code("/result/code=E=5");
  EXPECT_EQ(code.pointer, "/result/code");
  EXPECT_EQ(code.value, "E=5");
  for (const char* text : {"", "99", "600", "E1005", "409x", "code=1", "/code"}) {
    EXPECT_THROW(parse_duplicate_code(text), std::invalid_argument) << text;
  }
}

TEST(Payload, names_sender_template_recipient_and_variables) {
  AlertTalkSettings settings = valid();
  settings.template_code = "a \"quoted\" one";
  EXPECT_EQ(boost::json::parse(payload({"e-1", 41, 7, 12000, "KRW"}, settings)),
            boost::json::parse(R"({"senderKey":"key","template":"a \"quoted\" one",
              "recipient":{"userId":7},
              "variables":{"orderId":41,"amount":12000,"currency":"KRW"}})"));
}

}  // namespace
}  // namespace notifications
