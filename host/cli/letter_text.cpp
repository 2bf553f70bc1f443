#include "cli/letter_text.hpp"

#include <algorithm>
#include <chrono>

#include "cli/table.hpp"
#include "dlq/readable.hpp"
#include "observe/escape.hpp"
#include "observe/line.hpp"

namespace gantry::cli {
namespace {

constexpr std::size_t kErrorWidth = 80;

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

// Not in the middle of a character.
std::string cut(std::string text) {
  if (text.size() <= kErrorWidth) return text;
  std::size_t end = kErrorWidth;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string tries_text(const dlq::Letter& letter) {
  std::string text = letter.reason;
  if (letter.attempts != 0)
    text +=
        ", " + std::to_string(letter.attempts) + (letter.attempts == 1 ? " attempt" : " attempts");
  if (letter.replays != 0)
    text +=
        ", replayed " + std::to_string(letter.replays) + (letter.replays == 1 ? " time" : " times");
  return text;
}

std::string original_text(const dlq::Letter& letter) {
  if (!letter.original) return "not told";
  const dlq::Original& was = *letter.original;
  if (was.offset < 0) return "never sent to " + was.topic;
  std::string text = was.topic + ", partition " + std::to_string(was.partition) + ", offset " +
                     std::to_string(was.offset);
  if (was.timestamp_ms >= 0) text += ", of " + time_text(was.timestamp_ms);
  return text;
}

void print_value(std::ostream& out, const std::optional<std::string>& value) {
  if (!value) {
    out << "value: null\n";
    return;
  }
  const bool text = observe::is_readable(*value, true);
  out << "value, " << value->size() << (value->size() == 1 ? " byte" : " bytes")
      << (text ? ":\n" : ", not text:\n");
  out << (text ? *value : dlq::hex_dump(*value));
  if (text && !value->ends_with('\n')) out << '\n';
}

}  // namespace

std::string time_text(std::int64_t ms) {
  if (ms < 0) return "-";
  return observe::rfc3339(std::chrono::system_clock::time_point(std::chrono::milliseconds(ms)));
}

void print_field(std::ostream& out, const std::string& name, const std::string& text) {
  constexpr std::size_t kWidth = 14;
  out << "  " << name << std::string(name.size() < kWidth ? kWidth - name.size() : 1, ' ')
      << one_line(text) << '\n';
}

void print_groups(std::ostream& out, const std::vector<dlq::Group>& groups) {
  Table table({"ROUTE", "REASON", "TOPIC", "COUNT", "FIRST", "LAST"});
  table.number_column(3);
  for (const dlq::Group& group : groups)
    table.row({group.owner, group.reason, group.topic, std::to_string(group.count),
               time_text(group.first_ms), time_text(group.last_ms)});
  table.print(out);
}

void print_letters(std::ostream& out, const std::vector<dlq::Letter>& letters) {
  Table table({"LETTER", "TIME", "ROUTE", "REASON", "TOPIC", "KEY", "REPLAYS", "ERROR"});
  table.number_column(6);
  for (const dlq::Letter& letter : letters)
    table.row({to_text(letter.id), time_text(letter.time_ms), or_dash(letter.route), letter.reason,
               or_dash(letter.original_topic()), dlq::key_text(letter.record.key),
               std::to_string(letter.replays), cut(letter.error)});
  table.print(out);
}

void print_record(std::ostream& out, const route::OutRecord& record) {
  print_field(out, "key", dlq::key_text(record.key));
  out << (record.headers.empty() ? "no headers\n" : "headers:\n");
  std::size_t widest = 0;
  for (const route::OutHeader& header : record.headers)
    widest = std::max(widest, one_line(header.name).size());
  for (const route::OutHeader& header : record.headers) {
    const std::string name = one_line(header.name);
    out << "  " << name << std::string(widest - name.size() + 2, ' ') << dlq::header_text(header)
        << '\n';
  }
  print_value(out, record.value);
}

void print_letter(std::ostream& out, const dlq::Letter& letter) {
  out << "dead letter " << to_text(letter.id) << '\n';
  print_field(out, "since", time_text(letter.time_ms));
  print_field(out, "route", or_dash(letter.route));
  if (!letter.group.empty()) print_field(out, "group", letter.group);
  print_field(out, "reason", tries_text(letter));
  print_field(out, "error", or_dash(letter.error));
  print_field(out, "was", original_text(letter));
  print_record(out, letter.record);
}

}  // namespace gantry::cli
