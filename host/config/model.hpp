// The configuration as plain values: what gantry.toml and routes.d/*.toml say after interpolation
// and with every default filled in. Made by load (TOML) and validate (meaning); read by everybody
// else. Compared by what they say. No behaviour, no threads.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace gantry::config {

using Milliseconds = std::chrono::milliseconds;
using Properties = std::map<std::string, std::string>;  // librdkafka or topic properties, as text

// Where a value was written, for errors. line and column count from 1; 0 where nothing was written
// (a default). No part of what is said: values that differ in nothing else are equal.
struct Origin {
  std::filesystem::path file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string path;  // TOML path: "route[payment].retry.max_attempts"
  bool operator==(const Origin&) const { return true; }
};

enum class Order { key, partition, none };
enum class HeaderFamily { gantry, spring, connect };
enum class KeyFormat { bytes, text, int64 };
enum class LogFormat { text, json };
enum class LogLevel { debug, info, warning, error };
// Who speaks in the log; those of [log] levels.
inline constexpr const char* kLogComponents[]{"admin", "command", "control", "health", "http",
                                              "kafka", "outbox",  "plugin",  "route",  "service"};

struct Retry {
  int max_attempts = 4;        // deliveries in all: the first and three more
  Milliseconds backoff{1000};  // before the second attempt
  double multiplier = 1.0;     // of the back-off from attempt to attempt
  Milliseconds max_backoff{60000};
  double jitter = 0.0;  // 0.2: each back-off is 80 to 120 % of itself
  bool operator==(const Retry&) const = default;
};

struct DeadLetter {
  std::string topic = "DLQ-topic";
  std::vector<HeaderFamily> headers{HeaderFamily::gantry, HeaderFamily::spring};
  bool operator==(const DeadLetter&) const = default;
};

struct Output {
  std::string name;  // as the handler declares it
  std::string topic;
  std::optional<KeyFormat> key_format;         // validate fills in the handler's own
  std::map<std::string, std::string> headers;  // constant ones, added to every record
  Origin origin;
  bool operator==(const Output&) const = default;
};

using SettingValue =
    std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;
struct Setting {
  SettingValue value;  // of a database option: the database's name until validate puts in its dsn
  bool secret =
      false;  // never printed: a dsn, a secret option, or read from env, file or credential
  std::string database;  // of a database option: the NAME of its [database.NAME], from validate
  Origin origin;
  bool operator==(const Setting&) const = default;
};

struct HttpSource {
  std::string method;
  std::string path;  // "/coupons/{couponId}/requests"
  std::string key;   // ":couponId": a path parameter as ordering key; empty: no order
  bool operator==(const HttpSource&) const = default;
};

struct Route {
  std::string name;
  std::string handler;
  std::vector<std::string> topics;  // either topics or http
  std::optional<HttpSource> http;
  std::string group;     // consumer group, "{route}" replaced
  int concurrency = 3;   // lanes: threads with a handler instance each
  int max_batch = 1000;  // messages a call at most; the handler's own limit also holds
  Order order = Order::key;
  Retry retry;
  DeadLetter dead_letter;
  std::map<std::string, Output> outputs;
  std::map<std::string, Setting> settings;
  Milliseconds handler_deadline{30000};  // from delivery to cancel
  Milliseconds cancel_grace{5000};       // from cancel until the key goes on without a late settle
  Milliseconds drain_timeout{10000};     // on revoke, reload and SIGTERM
  std::int64_t window_max_offsets = 1'000'000;  // unsettled span a partition
  // Copies held for parked keys, a route; as much again for records that its handlers publish.
  std::int64_t parked_max_bytes = 16 * 1024 * 1024;
  int max_pending = 1000;           // messages of this route left PENDING
  Milliseconds stall_after{60000};  // nothing settles while the lag grows: it is reported
  int crash_limit = 3;  // crashes by a message that is handled alone, then it is a dead letter
  Properties consumer;  // librdkafka properties of this route, over [kafka] and [kafka.consumer]
  Origin origin;
  bool operator==(const Route&) const = default;
};

struct Plugin {
  std::string library;                // as written: a file name, or an absolute path
  std::filesystem::path file;         // where it was found
  std::optional<std::string> sha256;  // lower case hex
  Origin origin;
};

struct Topic {
  std::string name;
  int partitions = 1;
  int replicas = 1;
  Properties config;
  Origin origin;
  bool operator==(const Topic&) const = default;
};

struct Database {
  std::string name;
  std::string dsn;  // libpq connection string or URI; secret
  Origin origin;
  bool operator==(const Database&) const = default;
};

struct Listen {
  std::string address;
  std::uint16_t port = 0;  // 0: any free one, told in the log
  bool operator==(const Listen&) const = default;
};

struct HttpAuth {
  std::map<std::string, std::string> tokens;  // bearer tokens, secret, by the name the log has
  std::string subject_header;  // in lower case: set by a trusted proxy ("x-user-id"); empty: none
  std::string subject_field;   // the path parameter or field of the body that must equal it
  bool operator==(const HttpAuth&) const = default;
};

struct HttpLimits {
  std::size_t header_bytes = 16 * 1024;          // more: 431
  std::size_t body_bytes = 1024 * 1024;          // more: 413
  std::size_t connections = 4096;                // more: who is idle the longest is closed
  std::size_t waiting = 4096;                    // requests of a route not answered yet; 503
  std::size_t waiting_bytes = 64 * 1024 * 1024;  // bodies in memory, of all routes; more: 503
  Milliseconds header_timeout{10'000};           // from a request's first byte; more: 408
  Milliseconds body_timeout{30'000};             // for the whole body, and to take the answer
  Milliseconds idle_timeout{75'000};             // between two requests of a connection
  bool operator==(const HttpLimits&) const = default;
};

struct Http {
  Listen listen;
  std::optional<HttpAuth> auth;
  bool open_to_all = false;  // auth = "none" was written
  HttpLimits limits;
  bool operator==(const Http&) const = default;
};

struct Admin {
  std::optional<Listen> listen;                 // read-only HTTP
  std::optional<std::filesystem::path> socket;  // what changes things
  bool operator==(const Admin&) const = default;
};

struct Log {
  LogFormat format = LogFormat::text;
  LogLevel level = LogLevel::info;
  std::map<std::string, LogLevel> levels;  // of single components, over `level`
  bool operator==(const Log&) const = default;
};

struct Config {
  std::filesystem::path file;                // the gantry.toml itself
  std::vector<std::filesystem::path> files;  // that and the routes.d files, in the order read
  std::string name;                          // this host
  std::filesystem::path state_dir = "/var/lib/gantry";
  std::int64_t memory_mb = 256;  // shared out over the prefetch of all subscribed partitions
  Properties kafka;              // librdkafka: both clients
  Properties producer;
  Properties consumer;
  std::map<std::string, Topic> topics;
  std::map<std::string, Database> databases;
  std::vector<std::string> outbox_databases;
  std::vector<std::filesystem::path> plugin_dirs;
  std::optional<uid_t> plugin_owner;  // besides root; not written: the user of this process
  std::vector<Plugin> plugins;
  std::optional<Http> http;
  Admin admin;
  Log log;
  std::vector<Route> routes;  // in the order read
  std::map<std::string, Origin>
      origins;  // of every value that was written, by TOML path; see origin_of()
  std::set<std::string>
      hidden;  // paths of values read from env, file or credential: not for messages
};

}  // namespace gantry::config
