#include "alert_talk_payload.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace notifications {

std::string payload(const Notification& notification, const AlertTalkSettings& settings) {
  const boost::json::object body{{"senderKey", settings.sender_key},
                                 {"template", settings.template_code},
                                 {"recipient", {{"userId", notification.user_id}}},
                                 {"variables",
                                  {{"orderId", notification.order_id},
                                   {"amount", notification.amount},
                                   {"currency", notification.currency}}}};
  return boost::json::serialize(body);
}

}  // namespace notifications
