#include "demo/payments.hpp"

#include <algorithm>
#include <map>
#include <random>

#include "embedded/samples.hpp"

namespace gantry::demo {
namespace {

constexpr std::int64_t kOrders = 200;
constexpr std::int64_t kAskedAgain = 60;
constexpr int kTimesForOne = 25;
constexpr std::int64_t kNoOrder = 999'999;

std::string body(std::int64_t order, std::int64_t user, std::int64_t amount,
                 const std::string& currency) {
  return R"({"orderId":)" + std::to_string(order) + R"(,"userId":)" + std::to_string(user) +
         R"(,"amount":)" + std::to_string(amount) + R"(,"currency":")" + currency + R"("})";
}

std::string sample(std::int64_t order) {
  return body(order, order, embedded::kSampleAmount, embedded::kSampleCurrency);
}

}  // namespace

std::vector<Request> payment_requests(const std::string& path) {
  using embedded::kSampleAmount;
  using embedded::kSampleCurrency;
  std::vector<Request> requests;
  const auto add = [&](std::string text) { requests.push_back({path, std::move(text)}); };
  for (std::int64_t order = 1; order <= kOrders; ++order) add(sample(order));
  for (std::int64_t order = 1; order <= kAskedAgain; ++order) add(sample(order));
  for (int i = 0; i < kTimesForOne; ++i) add(sample(kOrders));
  add(body(1, 1, kSampleAmount + 1, kSampleCurrency));
  add(body(2, 3, kSampleAmount, kSampleCurrency));
  add(body(3, 3, kSampleAmount, "USD"));
  add(sample(embedded::kCancelledOrder));
  add(sample(kNoOrder));
  add(sample(kNoOrder + 1));
  add(R"({"orderId":)");
  add(body(4, 4, -kSampleAmount, kSampleCurrency));
  add(R"({"orderId":5,"userId":5,"amount":"12000","currency":"KRW"})");
  add(R"({"orderId":6,"userId":6,"amount":12000})");
  std::shuffle(requests.begin(), requests.end(),
               std::mt19937(42));  // NOLINT(cert-msc51-cpp): the same order every time
  return requests;
}

PaymentAnswers count(const std::vector<Request>& requests, const std::vector<Answer>& answers) {
  PaymentAnswers counted;
  std::map<std::string, std::string> first;  // by the request
  for (std::size_t i = 0; i < answers.size(); ++i) {
    ++counted.sent;
    switch (answers[i].status) {
      case 200: {
        const auto [known, is_first] = first.emplace(requests[i].body, answers[i].body);
        ++(is_first                           ? counted.paid
           : known->second == answers[i].body ? counted.repeated
                                              : counted.repeated_differently);
        break;
      }
      case 409:
        ++counted.conflicting;
        break;
      case 404:
        ++counted.unknown;
        break;
      case 400:
      case 422:
        ++counted.malformed;
        break;
      default:
        ++counted.failed;
    }
  }
  return counted;
}

}  // namespace gantry::demo
