#include "outbox/relay_sql.hpp"

#include <algorithm>
#include <gantry/detail/outbox_headers.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "outbox/parameters.hpp"

namespace gantry::outbox {
namespace {

constexpr std::size_t kMostError = 1000;

// bytea as PostgreSQL writes it (bytea_output = hex) and reads it: "\x0a1b".
std::string to_hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "\\x";
  text.reserve(2 + 2 * bytes.size());
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::optional<std::string> from_hex(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  const std::string_view text(field.c_str(), field.size());
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes(text.size() / 2 - 1, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(digit(text[2 + 2 * i]) << 4 | digit(text[3 + 2 * i]));
  return bytes;
}

class Array {  // PostgreSQL's text form of one
 public:
  void add(std::string_view text) {
    if (text_.size() > 1) text_ += ',';
    text_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') text_ += '\\';
      text_ += c;
    }
    text_ += '"';
  }
  void add(RelayLedger::Id id) { add(std::to_string(id)); }
  std::string finish() && { return std::move(text_ += '}'); }

 private:
  std::string text_ = "{";
};

std::string ids_of(const std::vector<RelayLedger::Id>& ids) {
  Array array;
  for (const RelayLedger::Id id : ids) array.add(id);
  return std::move(array).finish();
}

// An error may come from anywhere; the column takes UTF-8.
std::string clean(std::string_view error) {
  std::string text(error.substr(0, kMostError));
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) c = '?';
  return text;
}

}  // namespace

OutboxRow row_of(const pqxx::row& fields) {
  OutboxRow row;
  row.id = fields[0].as<std::int64_t>();
  row.kind = fields[1].c_str();
  row.route = fields[2].c_str();
  row.record.topic = fields[3].c_str();
  row.record.partition = fields[4].is_null() ? -1 : fields[4].as<std::int32_t>();
  row.record.key = from_hex(fields[5]);
  row.record.value = from_hex(fields[6]);
  row.created_ms = fields[8].as<std::int64_t>();
  const std::optional<std::string> bytes = from_hex(fields[7]);
  if (!bytes) return row;
  const auto headers = gantry::detail::decode_outbox_headers(*bytes);
  row.readable = headers.has_value();
  if (!headers) return row;
  for (const auto& [name, value] : *headers)
    row.record.headers.push_back(
        {std::string(name), value ? std::optional<std::string>(*value) : std::nullopt});
  return row;
}

namespace {

void hold(pqxx::work& work, const RelayResults::Failure& refusal) {
  work.exec("UPDATE gantry_outbox SET held = true, attempts = attempts + 1, last_error = " +
            work.quote(clean(refusal.error)) + " WHERE id = " + std::to_string(refusal.id));
}

std::string quoted_bytes(const pqxx::work& work, const std::optional<std::string>& bytes) {
  return bytes ? work.quote(to_hex(*bytes)) + "::bytea" : "NULL";
}

}  // namespace

void prepare_relay(pqxx::connection& connection) {
  // What is there, never what is beyond the last id: a transaction that began earlier may commit
  // later. The sum ends the read before it takes too much memory.
  connection.prepare(
      "gantry_read",
      std::string("SELECT ") + kRowColumns +
          " FROM (SELECT *, sum(size) OVER (ORDER BY id) - size AS before FROM "
          "(SELECT *, coalesce(octet_length(key), 0) + coalesce(octet_length(value), 0) + "
          "coalesce(octet_length(headers), 0) AS size FROM gantry_outbox WHERE NOT held "
          "AND id <> ALL ($1::bigint[]) AND topic <> ALL ($2::text[]) AND (key IS NULL OR NOT "
          "EXISTS (SELECT FROM unnest($3::text[], $4::bytea[]) AS w (topic, key) WHERE w.topic = "
          "gantry_outbox.topic AND w.key = gantry_outbox.key))) AS there ORDER BY id LIMIT $5) "
          "AS next WHERE before <= $6 ORDER BY id");
  connection.prepare("gantry_delete", "DELETE FROM gantry_outbox WHERE id = ANY ($1::bigint[])");
  connection.prepare(
      "gantry_failed",
      "UPDATE gantry_outbox SET attempts = attempts + 1, last_error = f.error "
      "FROM unnest($1::bigint[], $2::text[]) AS f (id, error) WHERE gantry_outbox.id = f.id");
}

std::vector<OutboxRow> read_rows(pqxx::transaction_base& work,
                                 const RelayLedger::Exclusions& without, std::size_t rows,
                                 std::size_t bytes) {
  Array waiting_topics, topics, keys;
  for (const std::string& topic : without.topics) waiting_topics.add(topic);
  for (const auto& [topic, key] : without.keys) {
    topics.add(topic);
    keys.add(to_hex(key));
  }
  const pqxx::result found =
      execute_prepared(work, "gantry_read", ids_of(without.ids), std::move(waiting_topics).finish(),
                       std::move(topics).finish(), std::move(keys).finish(), rows, bytes);
  std::vector<OutboxRow> next;
  next.reserve(static_cast<std::size_t>(found.size()));
  for (const auto& fields : found) next.push_back(row_of(fields));
  return next;
}

void delete_rows(pqxx::work& work, const std::vector<RelayLedger::Id>& ids) {
  execute_prepared(work, "gantry_delete", ids_of(ids));
}

void note_failures(pqxx::work& work, const std::vector<RelayResults::Failure>& failures) {
  Array ids, errors;
  for (const RelayResults::Failure& one : failures) {
    ids.add(one.id);
    errors.add(clean(one.error));
  }
  execute_prepared(work, "gantry_failed", std::move(ids).finish(), std::move(errors).finish());
}

void bury_row(pqxx::work& work, const RelayResults::Failure& refusal,
              const RelayTable::MakeLetter& letter) {
  const pqxx::result found =
      work.exec(std::string("SELECT ") + kRowColumns +
                " FROM gantry_outbox WHERE id = " + std::to_string(refusal.id));
  if (found.empty()) return;  // somebody has removed it
  const OutboxRow row = row_of(found[0]);
  const auto made =
      row.readable && row.kind != kDeadLetterKind ? letter(row, refusal.error) : std::nullopt;
  if (!made) return hold(work, refusal);
  insert_letter(work, row.route, *made);
  delete_rows(work, {refusal.id});
}

void insert_letter(pqxx::work& work, const std::string& route, const route::OutRecord& letter) {
  std::string headers;
  for (const route::OutHeader& header : letter.headers)
    gantry::detail::put_outbox_header(headers, header.name, header.value);
  work.exec(
      "INSERT INTO gantry_outbox (kind, route, topic, partition, key, value, headers) VALUES (" +
      work.quote(std::string(kDeadLetterKind)) + ", " + work.quote(route) + ", " +
      work.quote(letter.topic) + ", " +
      (letter.partition < 0 ? "NULL" : std::to_string(letter.partition)) + ", " +
      quoted_bytes(work, letter.key) + ", " + quoted_bytes(work, letter.value) + ", " +
      quoted_bytes(work, headers) + ")");
}

Backlog count_rows(pqxx::work& work) {
  const std::string limit = std::to_string(Backlog::kCounted);
  const pqxx::result found = work.exec(
      "SELECT (SELECT count(*) FROM (SELECT FROM gantry_outbox WHERE NOT held LIMIT " + limit +
      ") AS waiting), (SELECT count(*) FROM (SELECT FROM gantry_outbox WHERE held LIMIT " + limit +
      ") AS held), coalesce((SELECT extract(epoch FROM clock_timestamp() - created_at) FROM "
      "gantry_outbox WHERE NOT held ORDER BY id LIMIT 1), 0)::float8");
  return {found[0][0].as<std::int64_t>(), found[0][1].as<std::int64_t>(),
          std::max(0.0, found[0][2].as<double>())};
}

}  // namespace gantry::outbox
