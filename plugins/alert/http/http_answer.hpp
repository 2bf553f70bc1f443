// What an HTTP answer of the AlertTalk API means for a notification: the table of the README. Pure
// functions, any thread.
#pragma once

#include <chrono>
#include <notifications/alert_talk_client.hpp>
#include <string>

#include "alert_talk_settings.hpp"

namespace notifications {

struct HttpAnswer {
  int status = 0;
  std::string body;  // its first max_body bytes
  bool body_is_cut = false;
  std::chrono::milliseconds retry_after{0};  // 0: not asked for
};

constexpr std::size_t max_body = 64 * 1024;

// The reason names the status and never quotes the body.
Delivery judge(Ticket ticket, const HttpAnswer& answer, const AlertTalkSettings& settings);

}  // namespace notifications
