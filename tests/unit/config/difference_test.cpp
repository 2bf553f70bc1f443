// What a reload has to do, from two configurations.
#include "config/difference.hpp"

#include <gmock/gmock.h>

namespace gantry::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Route route(const std::string& name) {
  Route route;
  route.name = name;
  route.handler = "handler";
  route.topics = {"orders"};
  route.group = "group-" + name;
  route.origin = {"routes.d/" + name + ".toml", 3, 1, "route[" + name + "]"};
  return route;
}

class DifferenceTest : public testing::Test {
 protected:
  DifferenceTest() {
    for (Config* config : {&running, &next}) {
      config->name = "host";
      config->kafka = {{"bootstrap.servers", "localhost:9092"}};
      config->databases["main"] = {"main", "host=a", {}};
      config->outbox_databases = {"main"};
      config->routes = {route("a"), route("b")};
    }
  }
  Difference compared() const { return compare({running, old_libraries}, {next, libraries}); }
  // Of the one route that has changed.
  std::vector<std::string> changed_keys() const {
    const Difference difference = compared();
    return difference.changed.size() == 1 ? difference.changed.front().what
                                          : std::vector<std::string>{};
  }
  bool rejoins() const { return compared().changed.at(0).rejoins; }

  Config running, next;
  std::map<std::string, std::string> old_libraries{{"handler", "one"}};
  std::map<std::string, std::string> libraries = old_libraries;
};

TEST_F(DifferenceTest, of_the_same_is_none) {
  const Difference difference = compared();
  EXPECT_THAT(difference.kept, ElementsAre("a", "b"));
  EXPECT_THAT(difference.changed, IsEmpty());
  EXPECT_THAT(difference.added, IsEmpty());
  EXPECT_THAT(difference.removed, IsEmpty());
}

TEST_F(DifferenceTest, where_something_is_written_is_none) {
  next.routes[0].origin = {"routes.d/elsewhere.toml", 30, 5, "route[a]"};
  next.routes[0].settings["limit"] = {std::int64_t{1}, false, "", {"x.toml", 1, 1, ""}};
  running.routes[0].settings["limit"] = {std::int64_t{1}, false, "", {"y.toml", 2, 2, ""}};
  std::swap(next.routes[0], next.routes[1]);
  EXPECT_THAT(compared().kept, ElementsAre("b", "a"));
}

TEST_F(DifferenceTest, routes_come_and_go_by_their_names) {
  next.routes = {route("c"), route("b")};
  const Difference difference = compared();
  EXPECT_THAT(difference.added, ElementsAre("c"));
  EXPECT_THAT(difference.removed, ElementsAre("a"));
  EXPECT_THAT(difference.kept, ElementsAre("b"));
}

TEST_F(DifferenceTest, a_changed_route_says_which_keys_have_changed) {
  next.routes[1].concurrency = 7;
  next.routes[1].retry.jitter = 0.5;
  next.routes[1].settings["limit"] = {std::int64_t{1}, false, "", {}};
  EXPECT_THAT(changed_keys(), ElementsAre("concurrency", "retry", "settings"));
  EXPECT_FALSE(rejoins());
}

TEST_F(DifferenceTest, every_key_of_a_route_counts) {
  const std::vector<std::pair<std::string, std::function<void(Route&)>>> keys{
      {"handler", [](Route& r) { r.handler = "other"; }},
      {"topics", [](Route& r) { r.topics = {"others"}; }},
      {"http",
       [](Route& r) {
         r.http = HttpSource{"POST", "/a", ""};
       }},
      {"group", [](Route& r) { r.group = "other"; }},
      {"concurrency", [](Route& r) { ++r.concurrency; }},
      {"max_batch", [](Route& r) { ++r.max_batch; }},
      {"order", [](Route& r) { r.order = Order::none; }},
      {"retry", [](Route& r) { ++r.retry.max_attempts; }},
      {"dead_letter", [](Route& r) { r.dead_letter.topic = "other"; }},
      {"outputs", [](Route& r) { r.outputs["out"].topic = "other"; }},
      {"settings", [](Route& r) { r.settings["a"].value = true; }},
      {"consumer", [](Route& r) { r.consumer["fetch.min.bytes"] = "1"; }},
      {"handler_deadline_ms", [](Route& r) { ++r.handler_deadline; }},
      {"cancel_grace_ms", [](Route& r) { ++r.cancel_grace; }},
      {"drain_timeout_ms", [](Route& r) { ++r.drain_timeout; }},
      {"window_max_offsets", [](Route& r) { ++r.window_max_offsets; }},
      {"parked_max_bytes", [](Route& r) { ++r.parked_max_bytes; }},
      {"max_pending", [](Route& r) { ++r.max_pending; }},
      {"crash_limit", [](Route& r) { ++r.crash_limit; }},
      {"stall_after_ms", [](Route& r) { ++r.stall_after; }},
  };
  for (const auto& [name, change] : keys) {
    next.routes[0] = route("a");
    change(next.routes[0]);
    EXPECT_THAT(changed_keys(), ElementsAre(name));
  }
}

TEST_F(DifferenceTest, another_group_and_other_topics_are_joined_anew) {
  next.routes[0].topics = {"orders", "more"};
  EXPECT_TRUE(rejoins());
  next.routes[0] = route("a");
  next.routes[0].group = "other";
  EXPECT_TRUE(rejoins());
}

TEST_F(DifferenceTest, a_new_library_changes_the_routes_of_its_handlers) {
  next.routes[1].handler = running.routes[1].handler = "another";
  libraries["handler"] = "two";
  const Difference difference = compared();
  ASSERT_EQ(difference.changed.size(), 1u);
  EXPECT_EQ(difference.changed[0].name, "a");
  EXPECT_THAT(difference.changed[0].what, ElementsAre("the library of its handler"));
}

TEST_F(DifferenceTest, what_all_consumers_are_made_with_changes_the_routes_of_topics) {
  next.routes[1].http = running.routes[1].http = HttpSource{"POST", "/b", ""};
  next.routes[1].topics = running.routes[1].topics = {};
  next.consumer["fetch.min.bytes"] = "1";
  EXPECT_THAT(changed_keys(), ElementsAre("[kafka.consumer]"));
}

TEST_F(DifferenceTest, what_the_host_makes_once_needs_a_restart_and_stays_as_it_was) {
  const Config before = next;
  next.name = "other";
  next.state_dir = "/elsewhere";
  next.memory_mb = 1;
  next.kafka["bootstrap.servers"] = "localhost:1";
  next.producer["linger.ms"] = "1";
  next.outbox_databases = {};
  next.databases["main"].dsn = "host=b";
  next.http.emplace();
  next.admin.socket = "/run/other.sock";
  EXPECT_THAT(needs_restart(running, next),
              ElementsAre("name", "state_dir", "memory_mb", "[kafka]", "[kafka.producer]",
                          "[outbox]", "the dsn of a database of [outbox]", "[http]", "[admin]"));
  keep_what_needs_restart(running, next);
  EXPECT_THAT(needs_restart(running, next), IsEmpty());
  EXPECT_EQ(next.databases.at("main").dsn, "host=a") << "what the relay reads, routes write";
}

TEST_F(DifferenceTest, a_database_without_a_relay_is_its_routes_own) {
  running.outbox_databases = next.outbox_databases = {};
  next.databases["main"].dsn = "host=b";
  EXPECT_THAT(needs_restart(running, next), IsEmpty());
}

}  // namespace
}  // namespace gantry::config
