#include "end_to_end.hpp"

#include <stdexcept>

namespace gantry::test {

EndToEnd::EndToEnd(KafkaCluster& cluster) : kafka(cluster.bootstrap()) {
  files.set("BOOTSTRAP", cluster.bootstrap()).set("RUN", run).set("TOPIC", topic).set("DLQ", dlq);
  files.set("PROBE_DIR", GANTRY_PROBE_DIR);
  files.set("KAFKA", "[kafka]\n\"bootstrap.servers\" = \"@BOOTSTRAP@\"\n");
}

void EndToEnd::write_main(const std::string& more) {
  files.main(R"(
name = "host-@RUN@"
state_dir = "@STATE@"
memory_mb = 64
@KAFKA@
[kafka.consumer]
"auto.offset.reset" = "earliest"
[plugins]
dirs = ["@PLUGINS@", "@PROBE_DIR@"]
[admin]
listen = "127.0.0.1:@ADMIN_PORT@"
socket = "@FOLDER@/admin.sock"
[defaults]
group = "@RUN@-{route}"
dead_letter = { topic = "@DLQ@", headers = ["gantry", "spring"] }
)" + more);
}

void EndToEnd::write_probe_route(const std::string& name, const std::string& more) {
  const std::string plugin = name == "probe" ? "[[plugin]]\nlibrary = \"libprobe.so\"\n" : "";
  const std::string topics =
      more.find("topics") == std::string::npos ? "topics = [\"@TOPIC@\"]\n" : "";
  files.route(name, plugin + "[[route]]\nname = \"" + name + "\"\nhandler = \"probe\"\n" + topics +
                        "settings = { file = \"@FOLDER@/" + name + ".calls\" }\n" + more);
}

void EndToEnd::write_member(ConfigFiles& host, const std::string& name,
                            const std::string& calls) const {
  for (const char* known : {"BOOTSTRAP", "RUN", "TOPIC", "DLQ", "PROBE_DIR"})
    host.set(known, files.filled("@" + std::string(known) + "@"));
  host.set("NAME", name).set("CALLS", calls);
  host.main(R"(
name = "@NAME@"
state_dir = "@STATE@"
memory_mb = 64
[kafka]
"bootstrap.servers" = "@BOOTSTRAP@"
[kafka.consumer]
"auto.offset.reset" = "earliest"
"session.timeout.ms" = 6000
"heartbeat.interval.ms" = 500
[plugins]
dirs = ["@PLUGINS@", "@PROBE_DIR@"]
[admin]
listen = "127.0.0.1:@ADMIN_PORT@"
[defaults]
group = "@RUN@-{route}"
drain_timeout_ms = 2000
dead_letter = { topic = "@DLQ@", headers = ["gantry"] }
[[plugin]]
library = "libprobe.so"
[[route]]
name = "probe"
handler = "probe"
topics = ["@TOPIC@"]
concurrency = 4
settings = { file = "@CALLS@" }
)");
}

std::string EndToEnd::database_table(const Database& database) {
  return "[database.main]\ndsn = \"" + database.dsn() + "\"\n";
}

void EndToEnd::apply_migrations() {
  const Finished applied = run_gantry({"db", "apply", "--config", files.file().string()});
  if (applied.exit_code != 0)
    throw std::runtime_error("gantry db apply failed:\n" + applied.output);
}

Finished EndToEnd::command(std::vector<std::string> words) const {
  words.insert(words.end(), {"--config", files.file().string()});
  return run_gantry(words);
}

Record EndToEnd::send(const std::string& key, const std::string& value, std::int32_t partition) {
  return kafka.produce({.topic = topic, .partition = partition, .key = key, .value = value});
}

std::vector<Record> EndToEnd::wait_for_dead_letters(std::size_t count) {
  std::vector<Record> letters;
  eventually(
      [&] {
        letters = dead_letters();
        return letters.size() >= count;
      },
      90s, std::to_string(count) + " dead letters");
  return letters;
}

}  // namespace gantry::test
