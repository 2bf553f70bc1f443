// What a host may offer beyond the base: publishing, the outbox, HTTP replies, metrics. Each is one
// small value that a handler gets from its Context and keeps:
// context.extension<gantry::Publisher>() refuses the route with a clear text where the host does
// not offer it, context.find<gantry::Publisher>() gives nullopt there. All functions: any thread.
#pragma once

#include <gantry/message.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gantry {

struct RecordHeader {
  std::string_view name;
  std::optional<std::string_view> value;  // nullopt: Kafka's null
};

// For one output of the handler. Views only: the host copies in the call.
struct Record {
  std::string_view output;  // as declared in `outputs`
  std::optional<std::string_view>
      key;  // as text; the host writes it in the output's key format. nullopt: no key
  std::optional<std::string_view> value;  // nullopt: a tombstone
  std::vector<RecordHeader> headers;      // besides the route's constant ones
};

// What an extension call said. True when done; otherwise nothing was done, and verdict() is how to
// settle the message.
class [[nodiscard]] Outcome {
 public:
  explicit Outcome(std::int32_t code) noexcept : code_(code) {}
  explicit operator bool() const noexcept { return code_ == GANTRY_DONE; }
  std::int32_t code() const noexcept { return code_; }  // GANTRY_DONE … GANTRY_TOO_LARGE
  Verdict verdict() const {
    switch (code_) {
      case GANTRY_DONE:
        return ok();
      case GANTRY_UNKNOWN_OUTPUT:
        return reject("the route binds no topic to this output", "unknown_output");
      case GANTRY_UNKNOWN_SLOT:
        return retry("the slot is settled already", {}, "unknown_slot");
      case GANTRY_BAD_KEY:
        return reject("the key does not fit the output's key_format", "bad_key");
      case GANTRY_FULL:
        return unavailable("the producer has no room now", {}, "producer_full");
      case GANTRY_TOO_LARGE:
        return reject("larger than the producer's message.max.bytes", "record_too_large");
      default:
        return retry("the host answered with an unknown code", {}, "unknown_code");
    }
  }

 private:
  std::int32_t code_;
};

namespace detail {
inline std::vector<gantry_header> raw_headers(const std::vector<RecordHeader>& headers) {
  std::vector<gantry_header> raw;
  raw.reserve(headers.size());
  for (const RecordHeader& header : headers) raw.push_back({str(header.name), bytes(header.value)});
  return raw;
}
inline gantry_record raw_record(const Record& record, const std::vector<gantry_header>& headers) {
  return {sizeof(gantry_record), str(record.output), bytes(record.key),
          bytes(record.value),   headers.data(),     headers.size()};
}
}  // namespace detail

// gantry.publish/1: records go out when the slot is settled ok, and are dropped otherwise; the
// source's offset moves on after the brokers have acknowledged them.
class Publisher {
 public:
  using Table = gantry_publish_v1;
  static constexpr const char* id = GANTRY_PUBLISH_V1;
  Publisher(const gantry_host* host, const Table* table) noexcept : host_(host), table_(table) {}

  Outcome publish(const Slot& slot, const Record& record) const {  // before the slot is settled
    const auto headers = detail::raw_headers(record.headers);
    const gantry_record raw = detail::raw_record(record, headers);
    return Outcome(table_->publish(host_, slot.id(), &raw));
  }

 private:
  const gantry_host* host_;
  const Table* table_;
};

// gantry.outbox/1: what to insert into gantry_outbox in the handler's own transaction, and waking
// the relay after it. gantry/outbox.hpp does the insertion for handlers that use libpqxx; this is
// for those with another way to PostgreSQL.
class OutboxResolver {
 public:
  using Table = gantry_outbox_v1;
  static constexpr const char* id = GANTRY_OUTBOX_V1;
  struct Row {
    std::string topic;
    std::optional<std::string> key;  // in the output's key format: bytes
    std::optional<std::string> value;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  };
  OutboxResolver(const gantry_host* host, const Table* table) noexcept
      : host_(host), table_(table) {}

  Outcome resolve(const Slot& slot, const Record& record, Row& row) const {
    const auto headers = detail::raw_headers(record.headers);
    const gantry_record raw = detail::raw_record(record, headers);
    gantry_str topic{nullptr, 0};
    gantry_record out{};
    out.struct_size = sizeof out;
    const Outcome outcome(table_->resolve(host_, slot.id(), &raw, &topic, &out));
    if (!outcome) return outcome;
    row.topic = detail::view(topic);
    row.key = copy(out.key);
    row.value = copy(out.value);
    row.headers.clear();
    for (std::size_t i = 0; i < out.header_count; ++i) {
      row.headers.emplace_back(detail::view(out.headers[i].name), copy(out.headers[i].value));
    }
    return outcome;
  }
  // After the commit. Cheap; forgetting it costs a poll interval, not a row.
  void wake() const noexcept { table_->wake(host_); }
  // For the column `route`; valid as long as the host.
  std::string_view route() const noexcept {
    gantry_str name{nullptr, 0};
    table_->route(host_, &name);
    return detail::view(name);
  }
  // The ABI's own table, for who resolves many records without a copy of each.
  const Table& table() const noexcept { return *table_; }
  const gantry_host* host() const noexcept { return host_; }

 private:
  static std::optional<std::string> copy(const gantry_bytes& bytes) {
    if (bytes.data == nullptr) return std::nullopt;
    return std::string(detail::view(bytes));
  }
  const gantry_host* host_;
  const Table* table_;
};

// gantry.http/1: the reply to a request, sent when its slot is settled ok. Not there where the
// route's source is a topic.
class Http {
 public:
  using Table = gantry_http_v1;
  static constexpr const char* id = GANTRY_HTTP_V1;
  Http(const gantry_host* host, const Table* table) noexcept : host_(host), table_(table) {}

  // Before the slot is settled; the last call counts. Status 200 to 599.
  Outcome respond(const Slot& slot, int status, std::string_view body,
                  std::string_view content_type = "application/json",
                  const std::vector<RecordHeader>& headers = {}) const {
    const auto raw = detail::raw_headers(headers);
    return Outcome(table_->respond(host_, slot.id(), status, detail::str(content_type), raw.data(),
                                   raw.size(), detail::bytes(body)));
  }

 private:
  const gantry_host* host_;
  const Table* table_;
};

// gantry.metrics/1: instruments named gantry_plugin_<name> with the label `route`. The same name
// again is the same instrument. One that the host refused (a bad name, or one taken by another
// kind) does nothing and is false.
class Metrics {
 public:
  using Table = gantry_metrics_v1;
  static constexpr const char* id = GANTRY_METRICS_V1;
  class Instrument {
   public:
    Instrument() = default;
    Instrument(const Table* table, void* raw) noexcept : table_(table), raw_(raw) {}
    explicit operator bool() const noexcept { return raw_ != nullptr; }

   protected:
    void record(double value) const noexcept {
      if (raw_ != nullptr) table_->record(raw_, value);
    }

   private:
    const Table* table_ = nullptr;
    void* raw_ = nullptr;
  };
  struct Counter : Instrument {
    using Instrument::Instrument;
    void add(double amount = 1) const noexcept { record(amount); }  // not negative
  };
  struct Gauge : Instrument {
    using Instrument::Instrument;
    void set(double value) const noexcept { record(value); }
  };
  struct Histogram : Instrument {
    using Instrument::Instrument;
    void observe(double value) const noexcept { record(value); }
  };
  Metrics(const gantry_host* host, const Table* table) noexcept : host_(host), table_(table) {}

  Counter counter(const char* name, const char* help) const {
    return {table_, table_->counter(host_, name, help)};
  }
  Gauge gauge(const char* name, const char* help) const {
    return {table_, table_->gauge(host_, name, help)};
  }
  Histogram histogram(const char* name, const char* help,
                      std::initializer_list<double> bounds) const {
    return {table_, table_->histogram(host_, name, help, bounds.begin(), bounds.size())};
  }

 private:
  const gantry_host* host_;
  const Table* table_;
};

}  // namespace gantry
