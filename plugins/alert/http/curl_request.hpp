// One HTTP request of the client: a libcurl easy handle with the memory it points to, used for one
// notification after another. The client's thread alone.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "alert_talk_settings.hpp"
#include "http_answer.hpp"

namespace notifications {

class CurlRequest {
 public:
  // Throws std::bad_alloc. The settings outlive it.
  explicit CurlRequest(const AlertTalkSettings& settings);
  CurlRequest(const CurlRequest&) = delete;
  CurlRequest& operator=(const CurlRequest&) = delete;

  void prepare(Ticket ticket, const Notification& notification);
  // After libcurl is done with it.
  Delivery finish(CURLcode result);

  CURL* handle() const { return easy_.get(); }
  Ticket ticket() const { return ticket_; }
  bool was_sent() const;

 private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);

  template <class Value>
  void set(CURLoption option, Value value);

  const AlertTalkSettings& settings_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> fields_;
  Ticket ticket_ = 0;
  std::string body_;
  HttpAnswer answer_;
};

}  // namespace notifications
