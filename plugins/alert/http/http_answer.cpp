#include "http_answer.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <optional>

namespace notifications {
namespace {

namespace json = boost::json;
using outcome::Remedy;

Remedy remedy_for(int status) {
  switch (status) {
    case 400:  // the provider says that the request is wrong
    case 413:
    case 422:
      return Remedy::reject;
    case 401:  // the operator's to mend: key, address, account
    case 403:
    case 404:
    case 407:
    case 429:  // not now
    case 502:
    case 503:
    case 504:
      return Remedy::unavailable;
    default:
      // A redirect is not followed, since it would take the sender key elsewhere: the url is wrong.
      return status >= 300 && status < 400 ? Remedy::unavailable : Remedy::retry;
  }
}

std::string advice_for(int status) {
  if (status >= 300 && status < 400) return "; redirects are not followed, correct `url`";
  if (status == 401 || status == 403) return "; check `sender_key` and the account";
  if (status == 404) return "; check `url`";
  return {};
}

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

// The value at the pointer; nullopt: no JSON, or nothing there.
std::optional<std::string> value_at(const HttpAnswer& answer, const std::string& pointer) {
  json::error_code error;
  const json::value body = json::parse(answer.body, error);
  if (error) return std::nullopt;
  const json::value* found = body.find_pointer(pointer, error);
  if (found == nullptr) return std::nullopt;
  return text_of(*found);
}

bool is_duplicate(const HttpAnswer& answer, const AlertTalkSettings& settings) {
  return std::any_of(settings.duplicate_codes.begin(), settings.duplicate_codes.end(),
                     [&](const DuplicateCode& code) {
                       if (code.pointer.empty()) return code.status == answer.status;
                       return value_at(answer, code.pointer) == code.value;
                     });
}

bool means_success(std::string value) {
  std::transform(value.begin(), value.end(), value.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return value == "true" || value == "success" || value == "ok";
}

Delivery failed(Ticket ticket, Remedy remedy, std::string reason, std::string error_class,
                std::chrono::milliseconds retry_after = {}) {
  return {ticket, Answer::failed, {remedy, std::move(reason), std::move(error_class), retry_after}};
}

Delivery judge_success(Ticket ticket, const HttpAnswer& answer, const AlertTalkSettings& settings) {
  if (settings.success_pointer.empty()) return {ticket, Answer::accepted, {}};
  const std::string status = std::to_string(answer.status);
  const auto value = value_at(answer, settings.success_pointer);
  if (value && means_success(*value)) return {ticket, Answer::accepted, {}};
  if (answer.body_is_cut) {
    return failed(ticket, Remedy::retry,
                  "AlertTalk answered " + status + " with more than " + std::to_string(max_body) +
                      " bytes, so that success_pointer could not be looked up",
                  "http.body_too_large");
  }
  return failed(ticket, Remedy::retry,
                "AlertTalk answered " + status +
                    (value ? ", but not a success at success_pointer"
                           : " without anything at success_pointer"),
                "http.not_a_success");
}

}  // namespace

Delivery judge(Ticket ticket, const HttpAnswer& answer, const AlertTalkSettings& settings) {
  if (is_duplicate(answer, settings)) return {ticket, Answer::repeated, {}};
  if (answer.status >= 200 && answer.status < 300) return judge_success(ticket, answer, settings);
  const std::string status = std::to_string(answer.status);
  return failed(ticket, remedy_for(answer.status),
                "AlertTalk answered " + status + advice_for(answer.status), "http." + status,
                answer.retry_after);
}

}  // namespace notifications
