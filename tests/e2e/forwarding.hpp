// A route whose handler publishes every message to an output topic of its own, and what has to be
// true of that topic. Base class of the tests of publishing.
#pragma once

#include <cstddef>
#include <string>

#include "end_to_end.hpp"

namespace gantry::test {

class Forwarding : public EndToEnd {
 protected:
  explicit Forwarding(KafkaCluster& cluster);
  void SetUp() override;  // the topic it reads, the dead letters', gantry.toml

  // `more` goes into the table of the output.
  void write_route(const std::string& more = "", const std::string& handler = "forward");
  void write_http_route();
  HttpAnswer post(const std::string& body) const;

  // Numbered messages from `first` on, of 71 keys.
  void produce(int count, int first = 1);
  void wait_until_committed() { kafka.wait_until_committed(group("forward"), topic, 240s); }
  std::size_t written();  // records in the output topic
  // Of the numbered messages each is in the output topic, those of a key in their order; one may be
  // there again behind that.
  void expect_all_in_order(std::size_t count);

  const std::string out = topic + "-out";
};

}  // namespace gantry::test
