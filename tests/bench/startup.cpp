// How long the host takes from its start to the first handled message, and how much memory it has
// when idle. The group's join is shown apart: it is the brokers' time. Prints the median of several
// starts against a cluster of its own.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "probe_calls.hpp"
#include "support/config_files.hpp"
#include "support/host_process.hpp"
#include "support/kafka_client.hpp"
#include "support/kafka_cluster.hpp"
#include "support/unique_name.hpp"

namespace gantry::test {
namespace {

constexpr int kStarts = 5;

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

// When the log said it: lines begin with 2026-11-23T12:00:00.123Z.
std::int64_t logged_ms(const std::string& log, const std::string& text) {
  const std::size_t at = log.find(text);
  if (at == std::string::npos) return 0;
  const std::string line = log.substr(log.rfind('\n', at) + 1, 24);
  std::tm time{};
  strptime(line.c_str(), "%Y-%m-%dT%H:%M:%S", &time);
  return static_cast<std::int64_t>(timegm(&time)) * 1000 + std::stoi(line.substr(20, 3));
}

struct Start {
  std::int64_t up_ms = 0;      // process start to every handler open
  std::int64_t joined_ms = 0;  // from there: topics looked up, group joined
  std::int64_t first_ms = 0;   // from there: the first message in the handler's hands
  std::int64_t idle_kb = 0;
};

Start measure(const ConfigFiles& files, KafkaClient& kafka, const std::string& topic) {
  const std::filesystem::path calls = files.folder() / "probe.calls";
  std::filesystem::remove(calls);
  kafka.produce(Record{.topic = topic, .key = "k", .value = "ok"});
  const std::int64_t began = now_ms();
  HostProcess host(files);
  const ProbeFile probe(calls);
  probe.wait_for(1, "begin");
  const std::int64_t first = probe.calls().front().time_ms;
  const std::string log = host.log();
  const std::int64_t up = logged_ms(log, "started");
  const std::int64_t joined = logged_ms(log, "partitions assigned");
  host.wait_until_ready();
  Start start{up - began, joined - up, first - joined, host.rss_kb()};
  host.terminate();
  return start;
}

std::int64_t median(std::vector<Start> starts, std::int64_t Start::*figure) {
  std::ranges::sort(starts, {}, figure);
  return starts[starts.size() / 2].*figure;
}

int run() {
  KafkaCluster cluster;
  KafkaClient kafka(cluster.bootstrap());
  const std::string topic = unique_name("startup");
  kafka.create_topic(topic);
  kafka.create_topic(topic + "-dlq");
  ConfigFiles files;
  files.set("BOOTSTRAP", cluster.bootstrap()).set("TOPIC", topic).set("PROBES", GANTRY_PROBE_DIR);
  files.set("DLQ", topic + "-dlq").set("RUN", topic).set("DATABASE", "");
  files.usual_main();
  files.route("probe", R"([[plugin]]
library = "@PROBES@/libprobe.so"
[[route]]
name = "probe"
handler = "probe"
topics = ["@TOPIC@"]
settings = { file = "@FOLDER@/probe.calls" }
)");
  std::vector<Start> starts;
  for (int i = 0; i < kStarts; ++i) starts.push_back(measure(files, kafka, topic));
  std::printf("median of %d starts, one route of 3 lanes on a topic of 3 partitions\n", kStarts);
  std::printf("  process start to ready to consume   %5lld ms\n",
              static_cast<long long>(median(starts, &Start::up_ms)));
  std::printf("  topics looked up and group joined   %5lld ms\n",
              static_cast<long long>(median(starts, &Start::joined_ms)));
  std::printf("  assignment to first handled message %5lld ms\n",
              static_cast<long long>(median(starts, &Start::first_ms)));
  std::printf("  resident memory when idle           %5lld MB\n",
              static_cast<long long>(median(starts, &Start::idle_kb) / 1024));
  return 0;
}

}  // namespace
}  // namespace gantry::test

int main() { return gantry::test::run(); }
