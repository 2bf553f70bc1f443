#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace gantry::config {
namespace {

using testing::ElementsAre;
using testing::Pair;

const Config& everything() {
  static const Config config = load(GANTRY_FIXTURES "/good/everything.toml");
  return config;
}

const Config& merged() {
  static const Config config = load(GANTRY_FIXTURES "/good/merged/gantry.toml");
  return config;
}

TEST(Load, reads_the_host) {
  EXPECT_EQ(everything().name, "host-1");
  EXPECT_EQ(everything().state_dir, "/var/lib/gantry-test");
  EXPECT_EQ(everything().memory_mb, 512);
  EXPECT_EQ(everything().log.format, LogFormat::json);
  EXPECT_EQ(everything().log.level, LogLevel::debug);
  EXPECT_THAT(everything().log.levels, ElementsAre(Pair("kafka", LogLevel::warning)));
  EXPECT_THAT(everything().plugin_dirs, ElementsAre("/opt/plugins"));
}

TEST(Load, reads_properties_as_text_whatever_their_type_and_spelling) {
  EXPECT_THAT(everything().kafka,
              ElementsAre(Pair("bootstrap.servers", "localhost:9092,localhost:9094"),
                          Pair("client.id", "gantry-test")));
  EXPECT_THAT(
      everything().producer,
      ElementsAre(Pair("acks", "all"), Pair("enable.idempotence", "true"), Pair("linger.ms", "7")));
  EXPECT_THAT(everything().consumer, ElementsAre(Pair("auto.offset.reset", "earliest"),
                                                 Pair("enable.auto.commit", "false")));
}

TEST(Load, reads_topics) {
  const Topic& topic = everything().topics.at("orders");
  EXPECT_EQ(topic.partitions, 6);
  EXPECT_EQ(topic.replicas, 3);
  EXPECT_THAT(topic.config,
              ElementsAre(Pair("min.insync.replicas", "2"), Pair("retention.ms", "86400000")));
}

TEST(Load, reads_databases_and_plugins) {
  EXPECT_EQ(everything().databases.at("main").dsn,
            "postgresql://gantry:open-sesame@localhost/orders");
  ASSERT_EQ(everything().plugins.size(), 1u);
  EXPECT_EQ(everything().plugins[0].library, "libexample.so");
  EXPECT_EQ(everything().plugins[0].sha256->substr(0, 4), "0123");
}

TEST(Load, reads_the_admin_endpoint) {
  EXPECT_EQ(everything().admin.listen->address, "::1");
  EXPECT_EQ(everything().admin.listen->port, 9464);
  EXPECT_EQ(*everything().admin.socket, "/run/gantry-test/admin.sock");
}

TEST(Load, reads_where_requests_come_in) {
  const Http& http = everything().http.value();
  EXPECT_EQ(http.listen.address, "0.0.0.0");
  EXPECT_EQ(http.listen.port, 8080);
  EXPECT_EQ(http.limits.header_bytes, 8192u);
  EXPECT_EQ(http.limits.body_bytes, 65536u);
  EXPECT_EQ(http.limits.connections, 2000u);
  EXPECT_EQ(http.limits.waiting, 500u);
  EXPECT_EQ(http.limits.waiting_bytes, 1048576u);
  EXPECT_EQ(http.limits.header_timeout, Milliseconds(5000));
  EXPECT_EQ(http.limits.body_timeout, Milliseconds(6000));
  EXPECT_EQ(http.limits.idle_timeout, Milliseconds(7000));
}

TEST(Load, reads_who_may_send_requests) {
  const Http& http = everything().http.value();
  EXPECT_THAT(http.auth->tokens, ElementsAre(Pair("shop", "a-token-of-the-shop")));
  EXPECT_EQ(http.auth->subject_header, "x-user-id");
  EXPECT_EQ(http.auth->subject_field, "userId");
  EXPECT_FALSE(http.open_to_all);
}

TEST(Load, reads_every_key_of_a_route) {
  const Route& route = everything().routes.at(0);
  EXPECT_EQ(route.name, "save");
  EXPECT_EQ(route.handler, "saver");
  EXPECT_THAT(route.topics, ElementsAre("orders", "returns"));
  EXPECT_EQ(route.group, "group-save");
  EXPECT_EQ(route.concurrency, 5);
  EXPECT_EQ(route.max_batch, 50);
  EXPECT_EQ(route.order, Order::partition);
  EXPECT_EQ(route.handler_deadline, Milliseconds(1000));
  EXPECT_EQ(route.cancel_grace, Milliseconds(100));
  EXPECT_EQ(route.drain_timeout, Milliseconds(2000));
  EXPECT_EQ(route.window_max_offsets, 5000);
  EXPECT_EQ(route.parked_max_bytes, 1048576);
  EXPECT_EQ(route.max_pending, 10);
  EXPECT_EQ(route.crash_limit, 5);
  EXPECT_EQ(route.stall_after, Milliseconds(20000));
  EXPECT_THAT(route.consumer, ElementsAre(Pair("fetch.min.bytes", "1")));
  EXPECT_EQ(std::get<std::int64_t>(route.settings.at("batch").value), 7);
}

TEST(Load, reads_retry_and_dead_letter_of_a_route) {
  const Route& route = everything().routes.at(0);
  EXPECT_EQ(route.retry.max_attempts, 7);
  EXPECT_EQ(route.retry.backoff, Milliseconds(10));
  EXPECT_EQ(route.retry.multiplier, 2.0);
  EXPECT_EQ(route.retry.max_backoff, Milliseconds(2000));
  EXPECT_EQ(route.retry.jitter, 0.25);
  EXPECT_EQ(route.dead_letter.topic, "letters");
  EXPECT_THAT(route.dead_letter.headers, ElementsAre(HeaderFamily::connect, HeaderFamily::gantry));
}

TEST(Load, reads_outputs) {
  const Route& route = everything().routes.at(1);
  EXPECT_EQ(route.outputs.at("copy").topic, "copies");
  EXPECT_EQ(route.outputs.at("copy").key_format, std::nullopt);
  EXPECT_THAT(route.outputs.at("copy").headers, ElementsAre(Pair("__TypeId__", "Copy")));
  EXPECT_EQ(route.outputs.at("extra").key_format, KeyFormat::int64);
}

TEST(Load, reads_routes_d_in_name_order_and_only_its_toml_files) {
  ASSERT_EQ(merged().files.size(), 3u);
  EXPECT_EQ(merged().files[1].filename(), "10-first.toml");
  ASSERT_EQ(merged().routes.size(), 2u);
  EXPECT_EQ(merged().routes[0].name, "first");
  EXPECT_EQ(merged().routes[1].name, "second");
  EXPECT_TRUE(merged().topics.contains("orders"));
}

TEST(Load, gives_a_route_the_defaults_that_it_does_not_state) {
  const Route& first = merged().routes.at(0);
  EXPECT_EQ(first.group, "default-group-first");
  EXPECT_EQ(first.concurrency, 1);
  EXPECT_EQ(first.retry.max_attempts, 5);
  EXPECT_EQ(merged().routes.at(1).concurrency, 3);
}

TEST(Load, merges_the_tables_of_defaults_key_by_key) {
  const Route& second = merged().routes.at(1);
  EXPECT_EQ(second.retry.max_attempts, 5);
  EXPECT_EQ(second.retry.backoff, Milliseconds(900));
  EXPECT_EQ(second.dead_letter.topic, "letters");
  EXPECT_THAT(second.dead_letter.headers, ElementsAre(HeaderFamily::gantry));
  EXPECT_THAT(second.consumer,
              ElementsAre(Pair("fetch.max.bytes", "1000000"), Pair("fetch.min.bytes", "1")));
}

TEST(Load, remembers_where_a_value_was_written_also_when_it_is_a_default) {
  const Origin own = origin_of(merged(), "route[second].retry.backoff_ms");
  EXPECT_EQ(own.file.filename(), "20-second.toml");
  EXPECT_EQ(own.line, 6u);
  const Origin inherited = origin_of(merged(), "route[second].retry.max_attempts");
  EXPECT_EQ(inherited.file.filename(), "gantry.toml");
  EXPECT_EQ(inherited.path, "defaults.retry.max_attempts");
}

TEST(Load, interpolates_and_marks_what_is_hidden) {
  EXPECT_EQ(merged().databases.at("main").dsn, "postgresql:///from-file");
  EXPECT_TRUE(merged().hidden.contains("database.main.dsn"));
}

TEST(Load, names_the_host_after_the_machine_by_default) { EXPECT_FALSE(merged().name.empty()); }

TEST(Load, says_so_when_there_is_no_file) {
  const Loaded loaded = load_all("/nowhere/gantry.toml");
  ASSERT_EQ(loaded.problems.size(), 1u);
  EXPECT_FALSE(loaded.complete);
  EXPECT_THAT(describe(loaded.problems[0]),
              testing::HasSubstr("/nowhere/gantry.toml: cannot be read: No such file"));
}

TEST(Load, throws_everything_that_is_wrong_at_once) {
  try {
    load(GANTRY_FIXTURES "/bad/errors_in_every_file/gantry.toml");
    FAIL() << "was taken";
  } catch (const Invalid& invalid) {
    EXPECT_EQ(invalid.problems().size(), 3u);
    EXPECT_THAT(invalid.what(), testing::HasSubstr("has 3 errors"));
  }
}

}  // namespace
}  // namespace gantry::config
