// The keys that [defaults] and [[route]] share: how a route delivers, whatever it is for.
#include <algorithm>

#include "config/readers.hpp"

namespace gantry::config {
namespace {

constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;

constexpr std::array<std::pair<const char*, Order>, 3> kOrders{
    {{"key", Order::key}, {"partition", Order::partition}, {"none", Order::none}}};

constexpr std::array<std::pair<const char*, HeaderFamily>, 3> kFamilies{
    {{"gantry", HeaderFamily::gantry},
     {"spring", HeaderFamily::spring},
     {"connect", HeaderFamily::connect}}};

void read_count(Reader& reader, std::string_view key, std::int64_t high, int& out) {
  if (const auto value = reader.integer(key, 1, high)) out = static_cast<int>(*value);
}

void read_duration(Reader& reader, std::string_view key, std::int64_t low, Milliseconds& out) {
  if (const auto value = reader.integer(key, low, kDayMs)) out = Milliseconds(*value);
}

void read_retry(Reader& reader, Retry& out) {
  Reader retry = reader.table("retry");
  read_count(retry, "max_attempts", 1'000'000, out.max_attempts);
  read_duration(retry, "backoff_ms", 0, out.backoff);
  if (const auto value = retry.number("multiplier", 1, 100)) out.multiplier = *value;
  read_duration(retry, "max_backoff_ms", 0, out.max_backoff);
  if (const auto value = retry.number("jitter", 0, 1)) out.jitter = *value;
  retry.finish();
}

void read_dead_letter(Reader& reader, DeadLetter& out) {
  Reader letter = reader.table("dead_letter");
  if (const auto topic = letter.text("topic")) out.topic = *topic;
  if (const auto names = letter.texts("headers")) {
    std::vector<HeaderFamily> families;
    for (const std::string& name : *names) {
      const auto known = std::find_if(kFamilies.begin(), kFamilies.end(),
                                      [&](const auto& family) { return name == family.first; });
      if (known == kFamilies.end()) {
        letter.report("headers", "\"" + name + "\" is not a family of headers",
                      "choose of \"gantry\", \"spring\" and \"connect\"");
      } else if (std::find(families.begin(), families.end(), known->second) != families.end()) {
        letter.report("headers", "\"" + name + "\" is listed twice", "list each family once");
      } else {
        families.push_back(known->second);
      }
    }
    if (names->empty()) {
      letter.report("headers", "is empty: a dead letter would not say what happened to it",
                    "write headers = [\"gantry\"] at least");
    }
    out.headers = std::move(families);
  }
  letter.finish();
}

}  // namespace

void read_policy(Reader& reader, Route& route) {
  if (const auto group = reader.text("group")) route.group = *group;
  read_count(reader, "concurrency", 1024, route.concurrency);
  read_count(reader, "max_batch", 1'000'000, route.max_batch);
  if (const auto order = reader.choice("order", kOrders)) route.order = *order;
  read_retry(reader, route.retry);
  read_dead_letter(reader, route.dead_letter);
  read_duration(reader, "handler_deadline_ms", 1, route.handler_deadline);
  read_duration(reader, "cancel_grace_ms", 0, route.cancel_grace);
  read_duration(reader, "drain_timeout_ms", 1, route.drain_timeout);
  if (const auto value = reader.integer("window_max_offsets", 1, 1'000'000'000)) {
    route.window_max_offsets = *value;
  }
  if (const auto value = reader.integer("parked_max_bytes", 64 * 1024, 1LL << 40)) {
    route.parked_max_bytes = *value;
  }
  read_count(reader, "max_pending", 10'000'000, route.max_pending);
  read_count(reader, "crash_limit", 1000, route.crash_limit);
  read_duration(reader, "stall_after_ms", 1, route.stall_after);
  route.consumer = reader.properties("consumer");
}

}  // namespace gantry::config
