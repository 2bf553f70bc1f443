// bare_loop BOOTSTRAP TOPIC MESSAGES: the limit of a no-op route. Takes the records and lets them
// go.
#include "partition_loop.hpp"
#include "tools/kafka_calls.hpp"

int main(int argc, char** argv) {
  using namespace gantry::bench;
  if (argc != 4) fail("usage: bare_loop BOOTSTRAP TOPIC MESSAGES");
  PartitionLoop loop(std::atoll(argv[3]), [] { return [](const auto&) {}; });
  loop.run(argv[1], argv[2]);
}
