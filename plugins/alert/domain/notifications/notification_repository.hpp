// The record of what was sent to whom: SENDING before the request, SENT or FAILED after it.
// Implemented over PostgreSQL beside this folder, and in tests. One thread at a time.
#pragma once

#include <notifications/notification.hpp>
#include <optional>
#include <outcome/failure.hpp>
#include <set>
#include <span>
#include <string>

namespace notifications {

struct Begun {
  std::set<std::string> to_send;            // event ids; of the others the notification is SENT
  std::optional<outcome::Failure> failure;  // then nothing was recorded
};

class NotificationRepository {
 public:
  virtual ~NotificationRepository() = default;
  // SENDING, also what an earlier crash left so and what FAILED before.
  virtual Begun begin(std::span<const Notification> notifications) = 0;
  virtual std::optional<outcome::Failure> record_sent(std::span<const std::string> event_ids) = 0;
  virtual std::optional<outcome::Failure> record_failed(std::span<const std::string> event_ids) = 0;
};

}  // namespace notifications
