#include "copy_orders.hpp"

#include <array>
#include <charconv>
#include <string_view>

#include "instant.hpp"
#if PQXX_VERSION_MAJOR < 7
#include <pqxx/tablewriter>
#endif

namespace orders {
namespace {

constexpr std::array columns{"order_id", "user_id", "amount",   "occurred_at",
                             "event_id", "type",    "currency", "status"};

#if PQXX_VERSION_MAJOR < 7
// libpqxx 6 makes a string of every field of its stream, which costs more than all the rest; its
// older writer takes lines as they are, and any number of them in one.
void append(std::int64_t value, std::string& out) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

// COPY's text format. Readers let no control character through, so that the backslash alone is
// special.
void append(std::string_view text, std::string& out) {
  if (text.find('\\') == std::string_view::npos) {
    out.append(text);
    return;
  }
  for (const char c : text) {
    if (c == '\\') out += '\\';
    out += c;
  }
}

void append(const OrderCreatedEvent& event, std::string& out) {
  append(event.order_id, out);
  out += '\t';
  append(event.user_id, out);
  out += '\t';
  append(event.amount, out);
  out += '\t';
  append_instant(event.occurred_at, out);
  out += '\t';
  append(event.event_id, out);
  out += '\t';
  append(OrderCreatedEvent::type, out);
  out += '\t';
  append(event.currency, out);
  out += '\t';
  append(event.status, out);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
void write(pqxx::transaction_base& transaction, const std::string& lines) {
  pqxx::tablewriter writer(transaction, "saved_orders", columns.begin(), columns.end());
  writer.write_raw_line(lines);
  writer.complete();
}
#pragma GCC diagnostic pop
#endif

}  // namespace

void copy_orders(pqxx::transaction_base& transaction, std::span<const OrderCreatedEvent> events,
                 std::string& buffer) {
#if PQXX_VERSION_MAJOR < 7
  buffer.clear();
  for (const OrderCreatedEvent& event : events) {
    if (!buffer.empty()) buffer += '\n';
    append(event, buffer);
  }
  write(transaction, buffer);
#else
  auto stream = pqxx::stream_to::table(transaction, {"saved_orders"},
                                       {columns[0], columns[1], columns[2], columns[3], columns[4],
                                        columns[5], columns[6], columns[7]});
  for (const OrderCreatedEvent& event : events) {
    buffer.clear();
    append_instant(event.occurred_at, buffer);
    stream.write_values(event.order_id, event.user_id, event.amount, std::string_view(buffer),
                        event.event_id, OrderCreatedEvent::type, event.currency, event.status);
  }
  stream.complete();
#endif
}

}  // namespace orders
