// Errors that end the idempotent producer of a route's outputs for good, since it would otherwise
// leave a gap: the host makes another one each time, and nothing is lost or out of order.
#include "forwarding.hpp"

namespace gantry::test {
namespace {

class FatalProducer : public Forwarding {
 protected:
  FatalProducer() : Forwarding(KafkaCluster::shared()) {}

  static int times_made_anew(const HostProcess& host) {
    const std::string log = host.log();
    const std::string line = "the producer had a fatal error and is made anew";
    int times = 0;
    for (auto at = log.find(line); at != std::string::npos; at = log.find(line, at + 1)) ++times;
    return times;
  }
};

// With a topic that refuses one record among many on their way, which nothing may pass.
TEST_F(FatalProducer, is_replaced_again_and_again_while_all_else_arrives_in_order) {
  constexpr int kRounds = 2;
  constexpr int kEach = 5'000;
  kafka.create_topic(out, {.config = {{"max.message.bytes", "20000"}}});
  write_route();
  HostProcess host(files);
  host.wait_until_ready();
  for (int round = 0; round < kRounds; ++round) {
    produce(kEach, 2 * round * kEach + 1);
    send(std::to_string(round), std::string(30'000, 'x'));
    produce(kEach, (2 * round + 1) * kEach + 1);
    eventually([&] { return times_made_anew(host) > round; }, 120s, "a fatal error");
    wait_until_committed();
  }
  expect_all_in_order(2 * kRounds * kEach);
  const auto letters = dead_letters();
  EXPECT_EQ(letters.size(), static_cast<std::size_t>(kRounds));
  for (const Record& letter : letters) EXPECT_EQ(letter.header("gantry.reason"), "send-failed");
  host.wait_until_ready();
}

}  // namespace
}  // namespace gantry::test
