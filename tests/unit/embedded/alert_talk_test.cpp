// The endpoint that stands for AlertTalk takes what the provider takes, and nothing else.
#include "embedded/alert_talk.hpp"

#include <gtest/gtest.h>

#include <mutex>

#include "demo/http_requests.hpp"
#include "service/lifetime.hpp"

namespace gantry::embedded {
namespace {

constexpr const char* kMessage =
    R"({"senderKey":"s","template":"order-paid","recipient":{"userId":7},)"
    R"("variables":{"orderId":41,"amount":12000,"currency":"KRW"}})";

class AlertTalkEndpoint : public testing::Test {
 protected:
  std::vector<demo::Answer> post(const std::vector<demo::Request>& requests) {
    const std::string url = endpoint_.url();
    const std::string port = url.substr(url.rfind(':') + 1);
    const Interrupts interrupts{service::block_signals()};
    return demo::post_all(static_cast<std::uint16_t>(std::stoi(port)), requests, 3, interrupts);
  }
  std::string path() const {
    const std::string url = endpoint_.url();
    return url.substr(url.find('/', url.rfind(':')));
  }

  std::mutex mutex_;
  std::vector<Notification> seen_;
  AlertTalk endpoint_{[this](const Notification& one) {
    const std::lock_guard lock{mutex_};
    seen_.push_back(one);
    return one.order_id == 41 ? 200 : 503;
  }};
};

TEST_F(AlertTalkEndpoint, hands_over_who_is_notified_of_what) {
  ASSERT_EQ(post({{path(), kMessage}}).at(0).status, 200);
  ASSERT_EQ(seen_.size(), 1u);
  EXPECT_EQ(seen_[0].user_id, 7);
  EXPECT_EQ(seen_[0].order_id, 41);
  EXPECT_EQ(seen_[0].text, "order-paid  orderId 41  amount 12000  currency KRW");
}

TEST_F(AlertTalkEndpoint, answers_as_its_owner_says_over_many_connections) {
  std::vector<demo::Request> requests(40, {path(), kMessage});
  requests[17].body = "not JSON";
  const auto answers = post(requests);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].status, i == 17 ? 503 : 200) << i;
  }
  EXPECT_EQ(seen_.size(), 40u);
}

TEST_F(AlertTalkEndpoint, is_at_its_path_alone) {
  EXPECT_EQ(post({{"/elsewhere", kMessage}}).at(0).status, 404);
  EXPECT_TRUE(seen_.empty());
}

}  // namespace
}  // namespace gantry::embedded
