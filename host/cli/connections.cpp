#include "cli/connections.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kafka/admin.hpp"
#include "kafka/rights.hpp"
#include "outbox/held_rows.hpp"
#include "outbox/migrations.hpp"

namespace gantry::cli {
namespace {

constexpr kafka::Timeout kAnswerWithin{10'000};
// For the headers that a dead letter has and its original had not.
constexpr std::int64_t kRoomForHeaders = 64 * 1024;
constexpr std::int64_t kLargestTried = 16 * 1024 * 1024;

class Check {
 public:
  Check(std::ostream& out, const config::Config& config, const config::Catalog& catalog)
      : out_(out), config_(config), catalog_(catalog) {}

  bool run() {
    if (brokers()) {
      topics();
      for (const config::Route& route : config_.routes) check(route);
    }
    databases();
    return well_;
  }

 private:
  using Topics = std::map<std::string, kafka::TopicState>;

  void ok(const std::string& what, const std::string& text) {
    out_ << "ok     " << what << ": " << text << std::endl;
  }
  void to_do(const std::string& what, const std::string& text) {
    out_ << "to do  " << what << ": " << text << std::endl;
    well_ = false;
  }

  bool brokers();
  void topics();
  void check_topic(const std::string& name, const kafka::TopicState& state);
  void check(const config::Route& route);
  void check_write(const std::string& what, const std::string& topic);
  void check_dead_letters(const config::Route& route);
  void databases();
  void check_outbox(const outbox::DatabaseMigrations& database);

  // As the topic or the brokers have it; nullopt where this user may not see it.
  std::optional<std::int64_t> number(const std::string& topic, const char* property) const {
    const auto found = topics_.find(topic);
    if (found == topics_.end()) return std::nullopt;
    const auto value = found->second.config.find(property);
    if (value == found->second.config.end()) return std::nullopt;
    return std::atoll(value->second.c_str());
  }

  std::ostream& out_;
  const config::Config& config_;
  const config::Catalog& catalog_;
  Topics topics_;
  std::set<std::string> tried_;  // topics that were written to
  bool well_ = true;
};

bool Check::brokers() {
  std::set<std::string> used;
  for (const auto& [name, topic] : config_.topics) used.insert(name);
  for (const config::Route& route : config_.routes) {
    used.insert(route.topics.begin(), route.topics.end());
    if (!route.http) used.insert(route.dead_letter.topic);
    for (const auto& [name, output] : route.outputs) used.insert(output.topic);
  }
  const auto servers = config_.kafka.find("bootstrap.servers");
  try {
    topics_ = kafka::Admin(config_).topics(used, kAnswerWithin);
  } catch (const kafka::AdminError& error) {
    to_do("brokers", error.what());
    return false;
  }
  ok("brokers", servers == config_.kafka.end() ? "they answer" : servers->second + " answer");
  for (const std::string& name : used) {
    if (topics_.contains(name)) continue;
    if (config_.topics.contains(name))
      ok("topic " + name,
         "not there yet, or this user may not see it; a host that starts makes "
         "it as its [[topic]] says, where it may");
    else
      to_do("topic " + name,
            "it does not exist, or this user may not see it. Declare it as "
            "[[topic]], or create it, or give the user the right to describe it.");
  }
  return true;
}

void Check::topics() {
  for (const auto& [name, state] : topics_) check_topic(name, state);
}

void Check::check_topic(const std::string& name, const kafka::TopicState& state) {
  const std::string what = "topic " + name;
  std::string text = std::to_string(state.partitions) + " partitions, " +
                     std::to_string(state.replicas) + " replicas";
  const auto insync = number(name, "min.insync.replicas");
  if (insync) text += ", min.insync.replicas " + std::to_string(*insync);
  if (insync && *insync > state.replicas)
    return to_do(what, text + ": nothing can be written to it. Lower min.insync.replicas.");
  const auto declared = config_.topics.find(name);
  const auto differences = declared == config_.topics.end()
                               ? std::vector<kafka::TopicDifference>{}
                               : kafka::differences(declared->second, state);
  for (const kafka::TopicDifference& one : differences)
    to_do(what, "its " + one.what + " is " + one.actual + " where [[topic]] says " + one.declared +
                    ". Alter the topic, or correct its [[topic]].");
  if (differences.empty()) ok(what, text);
}

void Check::check(const config::Route& route) {
  const std::string what = "route " + route.name;
  for (const std::string& topic : route.topics) {
    if (!topics_.contains(topic)) continue;
    const std::string refusal = kafka::refusal_to_commit(config_, route, topic, kAnswerWithin);
    if (refusal.empty())
      ok(what, "may read " + topic + " and commit as group " + route.group);
    else
      to_do(what, "may not read " + topic + " and commit as group " + route.group + ": " + refusal +
                      ". Give the user the right to read the topic and the group.");
  }
  for (const auto& [name, output] : route.outputs)
    check_write(what + ", output " + name, output.topic);
  if (!route.http) check_dead_letters(route);
}

void Check::check_write(const std::string& what, const std::string& topic) {
  if (!topics_.contains(topic)) return;
  const auto largest = number(topic, "max.message.bytes");
  if (!largest || *largest > kLargestTried)
    return ok(what, topic + " is there; whether it may be written to was not tried, since " +
                        (largest ? "it takes records of " + std::to_string(*largest) + " bytes"
                                 : std::string("this user may not see its max.message.bytes")));
  if (!tried_.insert(topic).second) return ok(what, "may write to " + topic + ", as said above");
  const std::string refusal = kafka::refusal_to_write(config_, topic, *largest, kAnswerWithin);
  if (refusal.empty()) return ok(what, "may write to " + topic);
  tried_.erase(topic);
  to_do(what,
        "may not write to " + topic + ": " + refusal + ". Give the user the right to write to it.");
}

void Check::check_dead_letters(const config::Route& route) {
  const std::string what = "route " + route.name + ", dead letters";
  const std::string& letters = route.dead_letter.topic;
  check_write(what, letters);
  const auto room = number(letters, "max.message.bytes");
  if (!room) return;
  for (const std::string& topic : route.topics) {
    const auto largest = number(topic, "max.message.bytes");
    if (!largest) continue;
    const std::string sizes = letters + " takes records of " + std::to_string(*room) + " bytes, " +
                              topic + " of " + std::to_string(*largest);
    if (*room < *largest + kRoomForHeaders)
      to_do(what, sizes +
                      ": the largest of them could not become a dead letter. Set "
                      "max.message.bytes of " +
                      letters + " to " + std::to_string(*largest + kRoomForHeaders) + " or more.");
    else
      ok(what, sizes);
  }
}

void Check::databases() {
  for (const auto& database : outbox::migrations_of(config_, catalog_)) {
    const std::string what = "database " + database.database;
    try {
      const auto missing = outbox::missing_migrations(database.dsn, database.migrations);
      if (missing.empty())
        ok(what, "it answers, and all " + std::to_string(database.migrations.size()) +
                     " migrations are applied");
      for (const outbox::MigrationStatus& one : missing)
        to_do(what, one.state == outbox::MigrationState::changed
                        ? "migration " + outbox::named(one) +
                              " was changed after it was applied. Put the old text back, and "
                              "append a new number instead."
                        : "migration " + outbox::named(one) + " is missing. Run: gantry db apply");
      if (missing.empty()) check_outbox(database);
    } catch (const std::exception& error) {
      to_do(what, std::string(error.what()) + ". Correct its dsn, or start it.");
    }
  }
}

void Check::check_outbox(const outbox::DatabaseMigrations& database) {
  if (std::ranges::find(config_.outbox_databases, database.database) ==
      config_.outbox_databases.end())
    return;
  const outbox::Backlog backlog = outbox::outbox_backlog(database.dsn);
  const std::string what = "outbox " + database.database;
  const std::string rows = std::to_string(backlog.rows) + " rows wait";
  if (backlog.held != 0)
    to_do(what, rows + ", and " + std::to_string(backlog.held) +
                    " are held. See them: gantry outbox list");
  else
    ok(what, rows);
}

}  // namespace

bool check_connections(std::ostream& out, const config::Config& config,
                       const config::Catalog& catalog) {
  return Check(out, config, catalog).run();
}

}  // namespace gantry::cli
