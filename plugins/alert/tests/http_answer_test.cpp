#include "http_answer.hpp"

#include <gtest/gtest.h>

#include <map>

namespace notifications {
namespace {

using outcome::Remedy;
using namespace std::chrono_literals;

Delivery judged(int status, const std::string& body = "", const AlertTalkSettings& settings = {}) {
  return judge(1, {status, body, false, 0ms}, settings);
}

TEST(HttpAnswer, means_what_the_readme_says) {
  const std::map<int, Remedy> expected{
      {400, Remedy::reject},      {413, Remedy::reject},      {422, Remedy::reject},
      {408, Remedy::retry},       {425, Remedy::retry},       {500, Remedy::retry},
      {429, Remedy::unavailable}, {502, Remedy::unavailable}, {503, Remedy::unavailable},
      {504, Remedy::unavailable}, {401, Remedy::unavailable}, {403, Remedy::unavailable},
      {404, Remedy::unavailable}, {407, Remedy::unavailable}, {301, Remedy::unavailable},
      {302, Remedy::unavailable}, {307, Remedy::unavailable}, {405, Remedy::retry},
      {409, Remedy::retry},       {501, Remedy::retry},
  };
  for (const auto& [status, remedy] : expected) {
    const Delivery delivery = judged(status);
    EXPECT_EQ(delivery.answer, Answer::failed) << status;
    EXPECT_EQ(delivery.failure.remedy, remedy) << status;
    EXPECT_EQ(delivery.failure.error_class, "http." + std::to_string(status));
  }
}

TEST(HttpAnswer, of_any_2xx_is_a_success_where_no_pointer_says_otherwise) {
  for (const int status : {200, 201, 202, 204, 299}) {
    EXPECT_EQ(judged(status, "not json").answer, Answer::accepted) << status;
  }
}

TEST(HttpAnswer, carries_what_the_provider_asked_to_wait) {
  EXPECT_EQ(judge(1, {429, "", false, 7s}, {}).failure.retry_after, 7s);
}

TEST(HttpAnswer, is_a_success_only_where_the_pointer_says_so) {
  AlertTalkSettings settings;
  settings.success_pointer = "/result/success";
  for (const char* value : {"true", "\"success\"", "\"SUCCESS\"", "\"ok\"", "\"true\""}) {
    const std::string body = R"({"result":{"success":)" + std::string(value) + "}}";
    EXPECT_EQ(judged(200, body, settings).answer, Answer::accepted) << value;
  }
  for (const char* body :
       {R"({"result":{"success":false}})", R"({"result":{"success":"fail"}})",
        R"({"result":{"success":null}})", R"({"result":{}})", R"({})", "[]", "", "<html>"}) {
    const Delivery delivery = judged(200, body, settings);
    EXPECT_EQ(delivery.answer, Answer::failed) << body;
    EXPECT_EQ(delivery.failure.remedy, Remedy::retry) << body;
    EXPECT_EQ(delivery.failure.error_class, "http.not_a_success") << body;
  }
}

TEST(HttpAnswer, too_large_to_look_into_is_no_success) {
  AlertTalkSettings settings;
  settings.success_pointer = "/ok";
  const Delivery delivery = judge(1, {200, R"({"ok":true,"more":")", true, 0ms}, settings);
  EXPECT_EQ(delivery.failure.error_class, "http.body_too_large");
}

TEST(HttpAnswer, that_means_sent_already_is_a_repeat) {
  AlertTalkSettings settings;
  settings.success_pointer = "/success";
  settings.duplicate_codes = {parse_duplicate_code("409"), parse_duplicate_code("/code=E1005"),
                              parse_duplicate_code("/number=17")};
  EXPECT_EQ(judged(409, "", settings).answer, Answer::repeated);
  EXPECT_EQ(judged(400, R"({"code":"E1005"})", settings).answer, Answer::repeated);
  EXPECT_EQ(judged(200, R"({"success":false,"number":17})", settings).answer, Answer::repeated);
  EXPECT_EQ(judged(400, R"({"code":"E1006"})", settings).answer, Answer::failed);
}

TEST(HttpAnswer, is_never_quoted) {
  AlertTalkSettings settings;
  settings.success_pointer = "/message";
  for (const int status : {200, 400, 500}) {
    const Delivery delivery = judged(status, R"({"message":"no such user Mina"})", settings);
    EXPECT_EQ(delivery.failure.reason.find("Mina"), std::string::npos) << delivery.failure.reason;
  }
}

}  // namespace
}  // namespace notifications
