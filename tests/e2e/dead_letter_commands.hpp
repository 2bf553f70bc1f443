// What the tests of `gantry dlq` have in common: two routes of the probe that read one topic, of
// which a test may break one, and the command itself. The routes have names of their own, since the
// topics through which they get replays belong to the cluster.
#pragma once

#include <string>
#include <vector>

#include "end_to_end.hpp"

namespace gantry::test {

class DeadLetterCommands : public EndToEnd {
 protected:
  DeadLetterCommands();
  void SetUp() override;

  // A bad release of a route, and its fix. The host need not be started anew.
  void break_route(const std::string& name) const { touch(name + ".calls.broken"); }
  void mend_route(const std::string& name) const;

  // gantry dlq WORDS… on this test's configuration; standard error behind standard output.
  Finished dlq_command(std::vector<std::string> words) const;
  std::string dlq_output(std::vector<std::string> words) const;  // and it ends with 0

  // Until the dead-letter topic holds so many.
  // `count` dead letters that the route of that name might have written.
  void write_dead_letters(const std::string& of_route, int count, int replays = 0);
  // What the host of a route wrote, and so on; `more` comes behind.
  static std::vector<std::pair<std::string, Bytes>> gantry_headers(const std::string& route,
                                                                   const std::string& topic,
                                                                   std::int32_t partition,
                                                                   std::int64_t offset,
                                                                   int replays = 0);

  std::string replay_topic(const std::string& name) const { return "gantry.replay." + name; }

  const std::string route = unique_name("saver");
  const std::string other = unique_name("alert");
};

// As Java's ByteBuffer writes it.
std::string big_endian(std::uint64_t value, int bytes);

}  // namespace gantry::test
