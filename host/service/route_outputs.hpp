// The producer of one route's outputs, which keeps the order of each key. Made when the first
// record is published, since most routes publish nothing. Owned by the running route; publish() and
// recall() are never called at once.
#pragma once

#include <memory>

#include "config/model.hpp"
#include "kafka/producer.hpp"
#include "route/message/publisher.hpp"

namespace gantry::service {

class RouteOutputs final : public route::Publisher {
 public:
  RouteOutputs(const config::Config& config, const config::Route& route);

  void publish(route::OutRecord record,
               std::function<void(const route::PublishResult&)> done) override;
  void recall() override;
  std::size_t most_bytes() const override { return most_bytes_; }
  // What is still on its way fails; the route has heard of every record on return. Nothing is
  // published any more.
  void close() { producer_.reset(); }

 private:
  const kafka::ProducerSettings settings_;
  const std::size_t most_bytes_;
  std::unique_ptr<kafka::Producer> producer_;
};

}  // namespace gantry::service
