#include "curl_request.hpp"

#include <algorithm>
#include <new>

#include "alert_talk_payload.hpp"
#include "transport_error.hpp"

namespace notifications {
namespace {

constexpr long longest_connect_ms = 3000;
constexpr curl_off_t longest_retry_after_s = 24 * 60 * 60;

void append(std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>& list,
            const std::string& field) {
  curl_slist* longer = curl_slist_append(list.get(), field.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

}  // namespace

template <class Value>
void CurlRequest::set(CURLoption option, Value value) {
  if (curl_easy_setopt(handle(), option, value) != CURLE_OK) throw std::bad_alloc();
}

CurlRequest::CurlRequest(const AlertTalkSettings& settings)
    : settings_{settings},
      easy_{curl_easy_init(), curl_easy_cleanup},
      fields_{nullptr, curl_slist_free_all} {
  if (!easy_) throw std::bad_alloc();
  const auto timeout = static_cast<long>(settings.timeout.count());
  set(CURLOPT_URL, settings.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_USERAGENT, "gantry-alert/1");
  set(CURLOPT_TIMEOUT_MS, timeout);
  set(CURLOPT_CONNECTTIMEOUT_MS, std::min(timeout, longest_connect_ms));
  set(CURLOPT_WRITEFUNCTION, &CurlRequest::on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(CURLOPT_PRIVATE, static_cast<void*>(this));
}

void CurlRequest::prepare(Ticket ticket, const Notification& notification) {
  ticket_ = ticket;
  answer_ = {};
  body_ = payload(notification, settings_);
  fields_.reset();
  append(fields_, "Content-Type: application/json");
  append(fields_, "Accept: application/json");
  append(fields_, "Expect:");  // no waiting for 100 Continue
  append(fields_, settings_.idempotency_header + ": " + notification.event_id);
  set(CURLOPT_HTTPHEADER, fields_.get());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
  set(CURLOPT_POSTFIELDS, body_.c_str());
}

// What is beyond the cap is read and forgotten; the time-out ends what does not end.
std::size_t CurlRequest::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  HttpAnswer& answer = static_cast<CurlRequest*>(self)->answer_;
  const std::size_t bytes = size * count;
  const std::size_t kept = std::min(bytes, max_body - answer.body.size());
  answer.body.append(data, kept);
  if (kept < bytes) answer.body_is_cut = true;
  return bytes;
}

bool CurlRequest::was_sent() const {
  long bytes = 0;
  return curl_easy_getinfo(handle(), CURLINFO_REQUEST_SIZE, &bytes) == CURLE_OK && bytes > 0;
}

Delivery CurlRequest::finish(CURLcode result) {
  if (result != CURLE_OK) {
    return {ticket_, Answer::failed, transport_failure(result, was_sent())};
  }
  long status = 0;
  curl_off_t seconds = 0;  // of Retry-After in either form, counted from now
  curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle(), CURLINFO_RETRY_AFTER, &seconds);
  answer_.status = static_cast<int>(status);
  answer_.retry_after =
      std::chrono::seconds(std::clamp<curl_off_t>(seconds, 0, longest_retry_after_s));
  return judge(ticket_, answer_, settings_);
}

}  // namespace notifications
