// A real Apache Kafka of three brokers, numbered 1 to 3, for one test program (see kafka.sh).
// shared(): the one of the whole run, which nobody may disturb; tests tell themselves apart by the
// names of their topics and groups. A cluster of its own is for tests that kill brokers. Used on
// the test's thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <initializer_list>
#include <string>

#include "support/kept_service.hpp"
#include "support/wait.hpp"

namespace gantry::test {

class KafkaCluster {
 public:
  static KafkaCluster& shared();
  KafkaCluster();

  const std::string& bootstrap() const { return service_.variable("bootstrap"); }
  // The folder that holds the brokers', with their logs.
  std::filesystem::path data() const { return service_.variable("data"); }
  // The [kafka] table of a client that comes by TLS, as a user whose rights end where ACLs begin.
  // SCRAM needs librdkafka 2.6.1: an older one proves the wrong nonce, which Kafka 4 does not take.
  std::string secure_table(const std::string& mechanism = "PLAIN") const;

  void kill(int node);    // SIGKILL; its port and data stay its own
  void revive(int node);  // returns when it serves clients again
  void freeze(int node);  // SIGSTOP: connections stay open, nobody answers
  void thaw(int node);
  void stop_all();
  void start_all();  // those that are not running
  // Until all brokers are there, each partition has a leader, and all its replicas are in sync.
  void wait_until_healthy(std::chrono::milliseconds timeout = 120s);

 private:
  explicit KafkaCluster(KeptService service) : service_(std::move(service)) {}
  void command(const std::string& name, std::initializer_list<int> nodes);

  KeptService service_;
};

}  // namespace gantry::test
