// The body of a request to the AlertTalk API. Pure function, any thread. The text holds the sender
// key: never log it.
#pragma once

#include <notifications/notification.hpp>
#include <string>

#include "alert_talk_settings.hpp"

namespace notifications {

std::string payload(const Notification& notification, const AlertTalkSettings& settings);

}  // namespace notifications
