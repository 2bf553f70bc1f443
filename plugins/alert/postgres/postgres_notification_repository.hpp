// NotificationRepository over PostgreSQL's notifications: one statement a call, whatever the
// number. One thread; whoever makes it owns it, and its connection with it.
#pragma once

#include <notifications/notification_repository.hpp>
#include <postgres/connection.hpp>
#include <string>

namespace notifications {

class PostgresNotificationRepository final : public NotificationRepository {
 public:
  // Throws std::invalid_argument for a connection string that libpq can't read; never connects.
  explicit PostgresNotificationRepository(const std::string& connection_string,
                                          postgres::Limits limits = {});

  Begun begin(std::span<const Notification> notifications) override;
  std::optional<outcome::Failure> record_sent(std::span<const std::string> event_ids) override;
  std::optional<outcome::Failure> record_failed(std::span<const std::string> event_ids) override;

 private:
  postgres::Connection connection_;
};

}  // namespace notifications
