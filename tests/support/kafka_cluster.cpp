#include "support/kafka_cluster.hpp"

#include <utility>
#include <vector>

#include "support/kafka_client.hpp"

namespace gantry::test {

KafkaCluster& KafkaCluster::shared() {
  static KafkaCluster cluster{KeptService::shared("kafka.sh", "kafka")};
  return cluster;
}

KafkaCluster::KafkaCluster() : service_(KeptService::own("kafka.sh", {})) { wait_until_healthy(); }

std::string KafkaCluster::secure_table(const std::string& mechanism) const {
  return "[kafka]\n\"bootstrap.servers\" = \"" + service_.variable("secure") +
         "\"\n\"security.protocol\" = \"SASL_SSL\"\n\"ssl.ca.location\" = \"" +
         service_.variable("ca") + "\"\n\"sasl.mechanism\" = \"" + mechanism +
         "\"\n\"sasl.username\" = \"gantry\"\n"
         "\"sasl.password\" = \"gantry-secret\"\n";
}

void KafkaCluster::command(const std::string& name, std::initializer_list<int> nodes) {
  std::vector<std::string> arguments;
  for (const int node : nodes) arguments.push_back(std::to_string(node));
  service_.call(name, arguments);
}

void KafkaCluster::kill(int node) { command("kill", {node}); }
void KafkaCluster::revive(int node) { command("revive", {node}); }
void KafkaCluster::freeze(int node) { command("freeze", {node}); }
void KafkaCluster::thaw(int node) { command("thaw", {node}); }
void KafkaCluster::stop_all() { command("kill", {1, 2, 3}); }
void KafkaCluster::start_all() { command("revive", {1, 2, 3}); }

void KafkaCluster::wait_until_healthy(std::chrono::milliseconds timeout) {
  KafkaClient client(bootstrap());
  std::string problem;
  eventually(
      [&] {
        problem = client.cluster_problem(3);
        return problem.empty();
      },
      timeout, [&] { return "a healthy Kafka cluster, but " + problem; });
}

}  // namespace gantry::test
