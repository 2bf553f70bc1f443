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
