#include "config/difference.hpp"

#include <algorithm>

namespace gantry::config {
namespace {

const Route* find(const Config& config, const std::string& name) {
  const auto route = std::ranges::find(config.routes, name, &Route::name);
  return route == config.routes.end() ? nullptr : &*route;
}

// Names the keys under which two routes differ.
std::vector<std::string> differing_keys(const Route& a, const Route& b) {
  std::vector<std::string> keys;
  const auto look = [&](const char* key, bool same) {
    if (!same) keys.emplace_back(key);
  };
  look("handler", a.handler == b.handler);
  look("topics", a.topics == b.topics);
  look("http", a.http == b.http);
  look("group", a.group == b.group);
  look("concurrency", a.concurrency == b.concurrency);
  look("max_batch", a.max_batch == b.max_batch);
  look("order", a.order == b.order);
  look("retry", a.retry == b.retry);
  look("dead_letter", a.dead_letter == b.dead_letter);
  look("outputs", a.outputs == b.outputs);
  look("settings", a.settings == b.settings);
  look("consumer", a.consumer == b.consumer);
  look("handler_deadline_ms", a.handler_deadline == b.handler_deadline);
  look("cancel_grace_ms", a.cancel_grace == b.cancel_grace);
  look("drain_timeout_ms", a.drain_timeout == b.drain_timeout);
  look("window_max_offsets", a.window_max_offsets == b.window_max_offsets);
  look("parked_max_bytes", a.parked_max_bytes == b.parked_max_bytes);
  look("max_pending", a.max_pending == b.max_pending);
  look("crash_limit", a.crash_limit == b.crash_limit);
  look("stall_after_ms", a.stall_after == b.stall_after);
  if (keys.empty() && a != b) keys.emplace_back("its table");  // a key that is not named above
  return keys;
}

ChangedRoute change(const Wiring& running, const Route& before, const Wiring& next,
                    const Route& after) {
  ChangedRoute changed{after.name, differing_keys(before, after),
                       before.group != after.group || before.topics != after.topics};
  const auto sum = [](const Wiring& wiring, const Route& route) {
    const auto found = wiring.libraries.find(route.handler);
    return found == wiring.libraries.end() ? std::string{} : found->second;
  };
  if (before.handler == after.handler && sum(running, before) != sum(next, after))
    changed.what.emplace_back("the library of its handler");
  // A consumer of its own is made with these; all else of [kafka] is shared.
  if (!after.topics.empty() && running.config.consumer != next.config.consumer)
    changed.what.emplace_back("[kafka.consumer]");
  return changed;
}

// The database of a relay is the host's, not a route's.
std::vector<std::string> relayed_dsns(const Config& running, const Config& config) {
  std::vector<std::string> dsns;
  for (const std::string& name : running.outbox_databases) {
    const auto database = config.databases.find(name);
    dsns.push_back(database == config.databases.end() ? "" : database->second.dsn);
  }
  return dsns;
}

}  // namespace

Difference compare(const Wiring& running, const Wiring& next) {
  Difference difference;
  for (const Route& before : running.config.routes)
    if (find(next.config, before.name) == nullptr) difference.removed.push_back(before.name);
  for (const Route& after : next.config.routes) {
    const Route* before = find(running.config, after.name);
    if (before == nullptr) {
      difference.added.push_back(after.name);
      continue;
    }
    ChangedRoute changed = change(running, *before, next, after);
    if (changed.what.empty())
      difference.kept.push_back(after.name);
    else
      difference.changed.push_back(std::move(changed));
  }
  return difference;
}

std::vector<std::string> needs_restart(const Config& running, const Config& next) {
  std::vector<std::string> names;
  const auto look = [&](const char* name, bool same) {
    if (!same) names.emplace_back(name);
  };
  look("name", running.name == next.name);
  look("state_dir", running.state_dir == next.state_dir);
  look("memory_mb", running.memory_mb == next.memory_mb);
  look("[kafka]", running.kafka == next.kafka);
  look("[kafka.producer]", running.producer == next.producer);
  look("[outbox]", running.outbox_databases == next.outbox_databases);
  look("the dsn of a database of [outbox]",
       relayed_dsns(running, running) == relayed_dsns(running, next));
  look("[http]", running.http == next.http);
  look("[admin]", running.admin == next.admin);
  return names;
}

void keep_what_needs_restart(const Config& running, Config& next) {
  next.name = running.name;
  next.state_dir = running.state_dir;
  next.memory_mb = running.memory_mb;
  next.kafka = running.kafka;
  next.producer = running.producer;
  next.outbox_databases = running.outbox_databases;
  for (const std::string& name : running.outbox_databases)
    next.databases[name] = running.databases.at(name);
  next.http = running.http;
  next.admin = running.admin;
}

}  // namespace gantry::config
