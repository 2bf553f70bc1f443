#include "postgres_notification_repository.hpp"

#include <postgres/array_literal.hpp>

namespace notifications {
namespace {

using postgres::ArrayLiteral;

std::string array(pqxx::transaction_base& transaction, const ArrayLiteral& literal,
                  const char* type) {
  return transaction.quote(literal.finish()) + "::" + type + "[]";
}

// In the order of the event id, so that two lanes that meet the same events wait for each other
// instead of locking each other out; and each once, since one statement may touch a row once only.
std::string begin_statement(pqxx::transaction_base& transaction,
                            std::span<const Notification> notifications) {
  ArrayLiteral event_ids, order_ids, user_ids;
  for (const Notification& notification : notifications) {
    event_ids.add(notification.event_id);
    order_ids.add(notification.order_id);
    user_ids.add(notification.user_id);
  }
  return "INSERT INTO notifications AS n (event_id, order_id, user_id, state, attempts) "
         "SELECT DISTINCT ON (o.event_id COLLATE \"C\") o.*, 'SENDING', 1 FROM unnest(" +
         array(transaction, event_ids, "text") + ", " + array(transaction, order_ids, "bigint") +
         ", " + array(transaction, user_ids, "bigint") +
         ") AS o (event_id, order_id, user_id) ORDER BY o.event_id COLLATE \"C\" "
         "ON CONFLICT (event_id) DO UPDATE SET state = 'SENDING', attempts = n.attempts + 1 "
         "WHERE n.state <> 'SENT' RETURNING event_id";
}

std::optional<outcome::Failure> update(postgres::Connection& connection,
                                       std::span<const std::string> event_ids,
                                       const std::string& changes) {
  ArrayLiteral literal;
  for (const std::string& event_id : event_ids) literal.add(event_id);
  return connection.run([&](pqxx::connection& session) {
    pqxx::nontransaction alone(session);  // one statement is a transaction by itself, and one trip
    // Locked in the order of the event id, for the same reason as above.
    alone.exec("UPDATE notifications SET " + changes +
               " WHERE event_id IN (SELECT event_id FROM notifications WHERE event_id = ANY (" +
               array(alone, literal, "text") +
               ") AND state <> 'SENT' ORDER BY event_id FOR UPDATE)");
  });
}

}  // namespace

PostgresNotificationRepository::PostgresNotificationRepository(const std::string& connection_string,
                                                               postgres::Limits limits)
    : connection_{connection_string, "gantry alert", limits} {}

Begun PostgresNotificationRepository::begin(std::span<const Notification> notifications) {
  Begun begun;
  begun.failure = connection_.run([&](pqxx::connection& session) {
    pqxx::nontransaction alone(session);  // as above
    const pqxx::result rows = alone.exec(begin_statement(alone, notifications));
    for (const auto& row : rows) begun.to_send.insert(row[0].as<std::string>());
  });
  return begun;
}

std::optional<outcome::Failure> PostgresNotificationRepository::record_sent(
    std::span<const std::string> event_ids) {
  return update(connection_, event_ids, "state = 'SENT', sent_at = now()");
}

std::optional<outcome::Failure> PostgresNotificationRepository::record_failed(
    std::span<const std::string> event_ids) {
  return update(connection_, event_ids, "state = 'FAILED'");
}

}  // namespace notifications
