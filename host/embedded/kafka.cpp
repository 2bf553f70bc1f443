#include "embedded/kafka.hpp"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <algorithm>
#include <stdexcept>

#include "embedded/kafka_client.hpp"

namespace gantry::embedded {
namespace {

constexpr int kBrokers = 3;

}  // namespace

struct Kafka::Cluster {
  Client client;  // librdkafka's own book-keeping: the cluster lives in a client
  rd_kafka_mock_cluster_t* const mock;
  Cluster()
      : client(RD_KAFKA_PRODUCER, {{"client.id", "development-brokers"}}),
        mock(rd_kafka_mock_cluster_new(client.get(), kBrokers)) {
    if (mock == nullptr) throw std::runtime_error("the development brokers can't be started");
  }
  ~Cluster() { rd_kafka_mock_cluster_destroy(mock); }
};

const std::string* Record::header(const std::string& name) const {
  const auto found = std::find_if(headers.rbegin(), headers.rend(),
                                  [&](const auto& one) { return one.first == name; });
  return found == headers.rend() ? nullptr : &found->second;
}

Kafka::Kafka() : cluster_(std::make_unique<Cluster>()) {}
Kafka::~Kafka() = default;

std::string Kafka::bootstrap() const { return rd_kafka_mock_cluster_bootstraps(cluster_->mock); }

void Kafka::create_topic(const std::string& name, int partitions, int replicas) {
  if (partitions_.contains(name)) return;
  const auto error = rd_kafka_mock_topic_create(cluster_->mock, name.c_str(), partitions,
                                                std::min(replicas, kBrokers));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error("topic \"" + name + "\" can't be made on the development brokers: " +
                             rd_kafka_err2str(error));
  }
  partitions_[name] = partitions;
}

std::vector<Record> Kafka::read(const std::string& topic) const {
  return read_topic(bootstrap(), topic, partitions_.at(topic));
}

void Kafka::write(const std::vector<Record>& records) const { write_records(bootstrap(), records); }

std::int64_t Kafka::lag(const std::string& group, const std::string& topic) const {
  return group_lag(bootstrap(), group, topic, partitions_.at(topic));
}

}  // namespace gantry::embedded
