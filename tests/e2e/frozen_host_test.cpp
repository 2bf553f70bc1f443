// A host that stood still for longer than its session: what it has in hands it cannot take back,
// but it begins nothing more before it knows whether its partitions are still its own.
#include <time.h>

#include <thread>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

// "2026-01-31T12:00:00.123Z" at the start of a line, as milliseconds since 1970.
std::int64_t time_of_line(const std::string& log, const std::string& text) {
  const std::size_t line = log.rfind('\n', log.find(text));
  const std::string stamp = log.substr(line == std::string::npos ? 0 : line + 1, 24);
  struct tm parts {};
  if (strptime(stamp.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr)
    throw std::runtime_error("no time in front of " + text);
  return std::int64_t{timegm(&parts)} * 1000 + std::stoi(stamp.substr(20, 3));
}

class FrozenHost : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic, {.partitions = 2});
    kafka.create_topic(dlq);
    write_member(files, run + "-a", in_folder("a.calls"));
    write_member(second_, run + "-b", in_folder("b.calls"));
    std::vector<Record> records;
    for (int i = 0; i < 4'000; ++i)
      records.push_back({.topic = topic, .key = std::to_string(i % 50), .value = "sleep:10"});
    kafka.produce(records);
  }
  ConfigFiles second_;
};

TEST_F(FrozenHost, begins_nothing_before_it_knows_that_it_has_lost_its_partitions) {
  HostProcess a(files);
  probe_file("a").wait_for(50, "end");
  HostProcess b(second_);
  b.wait_for_log("partitions assigned");
  probe_file("b").wait_for(1, "end");

  a.pause();
  const std::size_t begun = probe_file("a").calls().size();
  b.wait_for_log("partitions given up");
  const std::size_t by_b = probe_file("b").calls("end").size();
  probe_file("b").wait_for(by_b + 50, "end");
  a.resume();
  a.wait_for_log("the process stood still");
  a.wait_for_log("the assignment was lost");
  kafka.wait_until_committed(group(), topic);

  const std::int64_t knew = time_of_line(a.log(), "the assignment was lost");
  const auto calls = probe_file("a").calls();
  for (std::size_t i = begun; i < calls.size(); ++i)
    EXPECT_GE(calls[i].time_ms, knew)
        << "begun on " << calls[i].topic << " " << calls[i].partition << " " << calls[i].offset;
}

TEST_F(FrozenHost, that_still_has_its_partitions_goes_on) {
  HostProcess a(files);
  probe_file("a").wait_for(50, "end");
  a.pause();
  // Longer than its lease, and nobody else is there whom the group could give its partitions to.
  std::this_thread::sleep_for(4s);
  a.resume();
  a.wait_for_log("the process stood still");
  kafka.wait_until_committed(group(), topic);
  EXPECT_EQ(a.log().find("the assignment was lost"), std::string::npos);
}

}  // namespace
}  // namespace gantry::test
