#include "connection.hpp"

#include <poll.h>

#include "connection_string.hpp"
#include "error.hpp"

namespace postgres {
namespace {

std::string setting(const std::string& name, std::chrono::milliseconds value) {
  return "('" + name + "', '" + std::to_string(value.count()) + "')";
}

// On a connection nobody uses, anything to read is the server's farewell or the end of the stream.
// (Or a setting that was reloaded: then it is made again for nothing.)
bool has_something_to_read(int socket) {
  pollfd idle{socket, POLLIN, 0};
  return poll(&idle, 1, 0) != 0;
}

}  // namespace

Connection::Connection(const std::string& connection_string, const std::string& application_name,
                       Limits limits)
    : connection_string_{with_limits(connection_string, application_name)}, limits_{limits} {}

// Set after connecting and not through the start-up packet's `options`, which connection poolers
// refuse; and only where neither role, database nor connection string has a limit already.
void Connection::set_limits() {
  pqxx::nontransaction session(*connection_);
  session.exec("SELECT set_config(name, value, false) FROM (VALUES " +
               setting("lock_timeout", limits_.lock_wait) + ", " +
               setting("statement_timeout", limits_.statement) +
               ") AS wanted (name, value) WHERE current_setting(name) = '0'");
  session.exec("SET client_min_messages = warning");  // libpqxx would print notices
}

std::optional<outcome::Failure> Connection::connect() {
  if (connection_ && connection_->is_open() && !has_something_to_read(connection_->sock())) {
    return std::nullopt;
  }
  connection_.reset();
  try {
    connection_ = std::make_unique<pqxx::connection>(connection_string_);
#if PQXX_VERSION_MAJOR < 7
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    connection_->inhibit_reactivation(true);  // 6 reconnects on its own, and forgets the limits
#pragma GCC diagnostic pop
#endif
    watchdog_.watch(connection_->sock(), limits_.answer);
    set_limits();
    watchdog_.stop();
    return std::nullopt;
  } catch (const std::exception& error) {
    watchdog_.stop();
    connection_.reset();
    return describe_no_connection(error);
  }
}

std::optional<outcome::Failure> Connection::run(
    const std::function<void(pqxx::connection&)>& work) {
  if (auto failure = connect()) return failure;
  watchdog_.watch(connection_->sock(), limits_.answer);
  try {
    work(*connection_);
    watchdog_.stop();
    return std::nullopt;
  } catch (const std::exception& error) {
    const bool frozen = watchdog_.stop();
    const bool open = !frozen && connection_->is_open();
    outcome::Failure failure = describe(error, open);
    if (frozen) {
      failure = {outcome::Remedy::unavailable,
                 "database: no answer within " + std::to_string(limits_.answer.count()) + " ms",
                 "database.timeout"};
    }
    if (!open || failure.remedy == outcome::Remedy::unavailable) connection_.reset();
    return failure;
  }
}

}  // namespace postgres
