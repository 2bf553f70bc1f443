// gantry::Outbox: publishing from a handler's own PostgreSQL transaction, over libpqxx (6.4 or 7).
// What is inserted goes to Kafka if the transaction commits and only then, also when the process
// dies in between. Include it in handlers that declare
//
//   static constexpr bool uses_outbox = true;
//   static constexpr const char* required_extensions[] = {GANTRY_OUTBOX_V1};
//
// and use it as
//
//   outbox_.insert(transaction, message.slot(), {"order_created", key, value, {}})
//   transaction.commit();
//   outbox_.wake();
//
// The table gantry_outbox, one a database, made by `gantry db apply`, relayed by one of the hosts:
//   kind        'record': for an output of a handler; 'dead-letter': the host's own
//   route       the route that wrote it
//   topic       resolved at insertion, so that any host can relay the row
//   partition   NULL: by the key
//   key, value  the record's bytes, the key in the output's key_format; NULL: Kafka's null
//   headers     the record's headers in their order, names may repeat; NULL or empty: none. Each is
//                 name length   4 bytes, big-endian, unsigned
//                 name
//                 value length  4 bytes, big-endian, unsigned; FF FF FF FF: the value is null
//                 value
//               so that binary, empty and null values come out byte for byte.
//   created_at, attempts, last_error, held: the relay's; leave them to their defaults
//
// One object an instance, used by the lane's thread, valid as long as the handler.
#pragma once

#include <cstddef>
#include <gantry/context.hpp>
#include <gantry/detail/outbox_headers.hpp>
#include <iterator>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>
#if PQXX_VERSION_MAJOR < 7
#include <pqxx/tablewriter>
#endif

namespace gantry {

// Records for one COPY. Filled before or in the transaction, inserted once, used again after
// clear(). One thread.
class OutboxRows {
 public:
  explicit OutboxRows(OutboxResolver resolver) : resolver_(resolver) {}

  // Asks the host for topic, key format, constant headers and trace context. False: nothing was
  // added, and verdict() of the outcome is how to settle that message: roll back what belongs to
  // it.
  Outcome add(const Slot& about, const Record& record) {
    const auto headers = detail::raw_headers(record.headers);
    const gantry_record raw = detail::raw_record(record, headers);
    gantry_str topic{nullptr, 0};
    gantry_record out{};
    out.struct_size = sizeof out;
    const Outcome outcome(
        resolver_.table().resolve(resolver_.host(), about.id(), &raw, &topic, &out));
    if (!outcome) return outcome;
    std::string encoded;
    detail::encode_outbox_headers(encoded, out.headers, out.header_count);
    rows_.push_back(
        {std::string(detail::view(topic)), hex(out.key), hex(out.value),
         encoded.empty() ? std::nullopt : hex(detail::bytes(std::string_view(encoded)))});
    return outcome;
  }

  std::size_t size() const noexcept { return rows_.size(); }
  bool empty() const noexcept { return rows_.empty(); }
  void clear() noexcept { rows_.clear(); }

  // All of them, in the order they were added. Throws as libpqxx does.
  void insert(pqxx::transaction_base& transaction) const {
    if (empty()) return;
    if (const auto one = statement(transaction)) {
      transaction.exec(*one);
    } else {
      copy(transaction);
    }
  }
  // The same as one statement, for a handler that sends several on one trip to the server, as in
  // "UPDATE …; " + *statement + "; COMMIT". nullopt: there are none, or so many that insert() is
  // faster: it uses COPY for them, since the server takes longer to read a statement of so many
  // bytes than to insert them.
  std::optional<std::string> statement(const pqxx::transaction_base& transaction) const {
    if (empty() || rows_.size() > most_in_a_statement) return std::nullopt;
    const std::string begin = "('record', " + transaction.quote(std::string(resolver_.route()));
    std::string text;
    for (const Row& row : rows_) {
      text += text.empty()
                  ? "INSERT INTO gantry_outbox (kind, route, topic, key, value, headers) VALUES "
                  : ", ";
      text += begin + ", " + transaction.quote(row.topic);
      for (const auto* bytes : {&row.key, &row.value, &row.headers}) {
        text += *bytes ? ", " + transaction.quote(**bytes) : ", NULL";
      }
      text += ')';
      if (text.size() > most_bytes_in_a_statement) return std::nullopt;
    }
    return text;
  }

 private:
  static constexpr std::size_t most_in_a_statement = 48;
  static constexpr std::size_t most_bytes_in_a_statement = 64 * 1024;

  struct Row {
    std::string topic;
    std::optional<std::string> key, value, headers;  // as PostgreSQL writes bytea: \x6869
  };

  static std::optional<std::string> hex(const gantry_bytes& bytes) {
    if (bytes.data == nullptr) return std::nullopt;
    static constexpr char digits[] = "0123456789abcdef";
    std::string text(2 + 2 * bytes.size, '\\');
    text[1] = 'x';
    for (std::size_t i = 0; i < bytes.size; ++i) {
      text[2 + 2 * i] = digits[bytes.data[i] >> 4];
      text[3 + 2 * i] = digits[bytes.data[i] & 15];
    }
    return text;
  }

#if PQXX_VERSION_MAJOR < 7
  // libpqxx 6 makes a string of every field of its stream, which costs more than all the rest; its
  // older writer takes lines as they are, and any number of them in one.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  void copy(pqxx::transaction_base& transaction) const {
    static constexpr const char* columns[] = {"kind", "route", "topic", "key", "value", "headers"};
    const std::string route(resolver_.route());
    std::string lines;
    for (const Row& row : rows_) {
      if (!lines.empty()) lines += '\n';
      lines += "record\t" + escaped(route) + '\t' + escaped(row.topic);
      for (const auto* bytes : {&row.key, &row.value, &row.headers}) {
        lines += *bytes ? "\t\\" + **bytes : "\t\\N";
      }
    }
    pqxx::tablewriter writer(transaction, "gantry_outbox", std::begin(columns), std::end(columns));
    writer.write_raw_line(lines);
    writer.complete();
  }
#pragma GCC diagnostic pop
  // Names of routes and topics have nothing to escape, but they come from outside of this header.
  static std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (c == '\\') out += '\\';
      if (c == '\t' || c == '\n' || c == '\r') {
        out += c == '\t' ? "\\t" : c == '\n' ? "\\n" : "\\r";
      } else {
        out += c;
      }
    }
    return out;
  }
#else
  void copy(pqxx::transaction_base& transaction) const {
    const std::string route(resolver_.route());
    auto stream = pqxx::stream_to::table(transaction, {"gantry_outbox"},
                                         {"kind", "route", "topic", "key", "value", "headers"});
    for (const Row& row : rows_) {
      stream.write_values("record", route, row.topic, row.key, row.value, row.headers);
    }
    stream.complete();
  }
#endif

  OutboxResolver resolver_;
  std::vector<Row> rows_;
};

class Outbox {
 public:
  // Throws where the host does not offer gantry.outbox/1: out of a constructor that refuses the
  // route, with a text that says so.
  explicit Outbox(const Context& context) : resolver_(context.extension<OutboxResolver>()) {}

  // One record, in the transaction of what it tells about. False: nothing was inserted; roll back
  // and settle the message with the outcome's verdict(). Throws as libpqxx does.
  Outcome insert(pqxx::transaction_base& transaction, const Slot& about,
                 const Record& record) const {
    OutboxRows one = rows();
    const Outcome outcome = one.add(about, record);
    if (outcome) one.insert(transaction);
    return outcome;
  }
  // Many of them: add() each, insert() once.
  OutboxRows rows() const { return OutboxRows(resolver_); }

  // After the commit. Cheap; forgetting it costs a poll interval, not a row.
  void wake() const noexcept { resolver_.wake(); }

 private:
  OutboxResolver resolver_;
};

}  // namespace gantry
