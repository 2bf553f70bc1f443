// bare_copy BOOTSTRAP TOPIC MESSAGES DSN: the limit of order-saver. COPYs the orders into
// saved_orders, a statement for up to 1,000 of a partition, with neither a check of what it reads
// nor one for duplicates. A table that holds an order already ends it.
#include <libpq-fe.h>

#include <charconv>
#include <memory>
#include <string_view>

#include "partition_loop.hpp"
#include "tools/kafka_calls.hpp"

namespace gantry::bench {
namespace {

// What stands behind `name` in the JSON, up to the first of `ends`.
std::string_view field(std::string_view json, std::string_view name, const char* ends) {
  const std::size_t at = json.find(name);
  if (at == std::string_view::npos) fail("not an order");
  json.remove_prefix(at + name.size());
  return json.substr(0, json.find_first_of(ends));
}

void append_row(std::string& rows, std::string_view json) {
  rows.append(field(json, R"("orderId":)", ",")).append("\t");
  rows.append(field(json, R"("userId":)", ",")).append("\t");
  rows.append(field(json, R"("amount":)", ",")).append("\t");
  rows.append(field(json, R"("occurredAt":")", "\"")).append("\t");
  rows.append(field(json, R"("eventId":")", "\"")).append("\t");
  rows.append(field(json, R"("type":")", "\"")).append("\t");
  rows.append(field(json, R"("currency":")", "\"")).append("\t");
  rows.append(field(json, R"("status":")", "\"")).append("\n");
}

class Copier {
 public:
  explicit Copier(const char* dsn) : connection_(PQconnectdb(dsn)) {
    if (PQstatus(connection_) != CONNECTION_OK) fail(PQerrorMessage(connection_));
  }

  void copy(std::span<const rd_kafka_message_t* const> messages) {
    rows_.clear();
    for (const rd_kafka_message_t* message : messages)
      append_row(rows_, {static_cast<const char*>(message->payload), message->len});
    PQclear(PQexec(connection_,
                   "COPY saved_orders (order_id, user_id, amount, occurred_at, event_id, type, "
                   "currency, status) FROM STDIN"));
    PQputCopyData(connection_, rows_.data(), static_cast<int>(rows_.size()));
    PQputCopyEnd(connection_, nullptr);
    while (PGresult* result = PQgetResult(connection_)) {
      if (PQresultStatus(result) != PGRES_COMMAND_OK) fail(PQerrorMessage(connection_));
      PQclear(result);
    }
  }

 private:
  PGconn* connection_;
  std::string rows_;
};

}  // namespace
}  // namespace gantry::bench

int main(int argc, char** argv) {
  using namespace gantry::bench;
  if (argc != 5) fail("usage: bare_copy BOOTSTRAP TOPIC MESSAGES DSN");
  PartitionLoop loop(std::atoll(argv[3]), [dsn = argv[4]] {
    return
        [copier = std::make_shared<Copier>(dsn)](const auto& messages) { copier->copy(messages); };
  });
  loop.run(argv[1], argv[2]);
}
