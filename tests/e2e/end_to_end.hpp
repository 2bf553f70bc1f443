// What every end-to-end test has: topics and groups of its own on a cluster, configuration files,
// and the probe's file. The host itself is started by the test. Base class of the test fixtures.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "orders.hpp"
#include "probe_calls.hpp"
#include "support/config_files.hpp"
#include "support/host_process.hpp"
#include "support/kafka_client.hpp"
#include "support/kafka_cluster.hpp"
#include "support/postgres.hpp"
#include "support/unique_name.hpp"

namespace gantry::test {

class EndToEnd : public testing::Test {
 protected:
  explicit EndToEnd(KafkaCluster& cluster = KafkaCluster::shared());

  // gantry.toml with @TOPIC@ and @DLQ@ not declared, the group of a route being @RUN@-ROUTE, and
  // `more`. @KAFKA@ is its table of that name.
  void write_main(const std::string& more = "");
  // A route named `name` of the probe; `more` goes into its table. It writes to
  // @FOLDER@/NAME.calls.
  void write_probe_route(const std::string& name = "probe", const std::string& more = "");
  // Another host of the same group, with a route of the probe and a session of six seconds: its
  // files, its name, and where its probe writes.
  void write_member(ConfigFiles& host, const std::string& name, const std::string& calls) const;
  // A [database.main] for write_main's `more`.
  static std::string database_table(const Database& database);
  void apply_migrations();  // gantry db apply
  // gantry WORDS… with this configuration, to its end.
  Finished command(std::vector<std::string> words) const;

  ProbeFile probe_file(const std::string& route = "probe") const {
    return ProbeFile(files.folder() / (route + ".calls"));
  }
  std::string group(const std::string& route = "probe") const { return run + "-" + route; }
  Record send(const std::string& key, const std::string& value, std::int32_t partition = -1);
  std::vector<Record> dead_letters() { return kafka.consume_all(dlq); }
  std::vector<Record> wait_for_dead_letters(std::size_t count);  // or more
  void touch(const std::string& name) const {
    write_file(files.folder() / name, "");
  }  // for wait-for and down
  std::string in_folder(const std::string& name) const { return (files.folder() / name).string(); }

  KafkaClient kafka;
  ConfigFiles files;
  // For libraries of the test's own: nothing below /tmp is loaded.
  const TempFolder libraries{GANTRY_PROBE_DIR};
  const std::string run = unique_name("run");
  const std::string topic = run + "-orders";
  const std::string dlq = run + "-dlq";
};

}  // namespace gantry::test
