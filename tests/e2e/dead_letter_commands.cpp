#include "dead_letter_commands.hpp"

#include <filesystem>

namespace gantry::test {

DeadLetterCommands::DeadLetterCommands() { files.set("ROUTE", route).set("OTHER", other); }

void DeadLetterCommands::SetUp() {
  kafka.create_topic(topic);
  kafka.create_topic(dlq, {.config = {{"min.insync.replicas", "2"},
                                      {"max.message.bytes", "1114124"},
                                      {"retention.ms", "2592000000"}}});
  write_main("[[plugin]]\nlibrary = \"libprobe.so\"\n");
  write_probe_route(route);
  write_probe_route(other);
}

void DeadLetterCommands::mend_route(const std::string& name) const {
  std::filesystem::remove(files.folder() / (name + ".calls.broken"));
}

Finished DeadLetterCommands::dlq_command(std::vector<std::string> words) const {
  words.insert(words.begin(), "dlq");
  words.insert(words.end(), {"--config", files.file().string()});
  return run_gantry(words);
}

std::string DeadLetterCommands::dlq_output(std::vector<std::string> words) const {
  const Finished finished = dlq_command(std::move(words));
  EXPECT_EQ(finished.exit_code, 0) << finished.output;
  return finished.output;
}

std::vector<std::pair<std::string, Bytes>> DeadLetterCommands::gantry_headers(
    const std::string& route, const std::string& topic, std::int32_t partition, std::int64_t offset,
    int replays) {
  return {{"gantry.route", route},
          {"gantry.reason", "exhausted"},
          {"gantry.error", "asked to"},
          {"gantry.attempts", "4"},
          {"gantry.original-topic", topic},
          {"gantry.original-partition", std::to_string(partition)},
          {"gantry.original-offset", std::to_string(offset)},
          {"gantry.original-timestamp", "1700000000123"},
          {"gantry.replays", std::to_string(replays)}};
}

void DeadLetterCommands::write_dead_letters(const std::string& of_route, int count, int replays) {
  std::vector<Record> letters;
  for (int i = 0; i < count; ++i)
    letters.push_back({.topic = dlq,
                       .partition = i % 3,
                       .key = "key-" + std::to_string(i),
                       .value = "ok " + std::string(500, 'x'),
                       .headers = gantry_headers(of_route, topic, i % 3, i, replays)});
  kafka.produce(letters);
}

std::string big_endian(std::uint64_t value, int bytes) {
  std::string result;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    result += static_cast<char>(value >> shift);
  return result;
}

}  // namespace gantry::test
