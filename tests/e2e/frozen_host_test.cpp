// A host that stood still for longer than its session: what it has in hands it cannot take back,
// but it begins nothing more before it knows whether its partitions are still its own.
#include <time.h>

#include <algorithm>
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

std::size_t times_in_log(const HostProcess& host, const std::string& text) {
  const std::string log = host.log();
  std::size_t count = 0;
  for (std::size_t at = 0; (at = log.find(text, at)) != std::string::npos; ++at) ++count;
  return count;
}

std::int64_t now_ms() { return std::chrono::system_clock::now().time_since_epoch() / 1ms; }

constexpr int kLanes = 4;  // of write_member()'s route

class FrozenHost : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic, {.partitions = 2});
    kafka.create_topic(dlq);
    write_member(files, run + "-a", in_folder("a.calls"));
    write_member(second_, run + "-b", in_folder("b.calls"));
  }
  // Lanes are asleep most of the time, and have much to do when they wake.
  void produce(int count) {
    std::vector<Record> records;
    for (int i = 0; i < count; ++i)
      records.push_back({.topic = topic,
                         .key = std::to_string(i % 50),
                         .value = i % 20 == 0 ? "sleep:200" : "quick"});
    kafka.produce(records);
  }
  // Until the group has given all partitions to b, and b is at work on them.
  void wait_until_taken_over(const HostProcess& b, std::size_t given_up_before) const {
    eventually([&] { return times_in_log(b, "partitions given up") > given_up_before; }, 60s,
               "the group goes on without the frozen host");
    probe_file("b").wait_for(probe_file("b").calls("end").size() + 50, "end");
  }
  // What a began from `first` on, later than what was on its way into the file, and before `end`.
  long begun_by_a(std::size_t first, std::int64_t from, std::int64_t end) const {
    const auto calls = probe_file("a").calls();
    return std::count_if(
        calls.begin() + static_cast<std::ptrdiff_t>(first), calls.end(),
        [&](const ProbeCall& call) { return call.time_ms >= from && call.time_ms < end; });
  }
  ConfigFiles second_;
};

TEST_F(FrozenHost, begins_nothing_before_it_knows_that_it_has_lost_its_partitions) {
  produce(50);
  HostProcess a(files);
  probe_file("a").wait_for(50, "end");
  HostProcess b(second_);
  b.wait_for_log("partitions assigned");
  produce(6'000);  // longer than a session for one host
  probe_file("a").wait_for(60, "end");
  probe_file("b").wait_for(10, "end");

  const std::size_t given_up = times_in_log(b, "partitions given up");
  a.pause();
  const std::size_t begun = probe_file("a").calls().size();
  wait_until_taken_over(b, given_up);
  const std::int64_t thawed = now_ms();
  a.resume();
  a.wait_for_log("the process stood still");
  a.wait_for_log("the assignment was lost");
  kafka.wait_until_committed(group(), topic);

  const std::int64_t knew = time_of_line(a.log(), "the assignment was lost");
  // A lane each may have stood still on its way into the handler.
  EXPECT_LE(begun_by_a(begun, thawed, knew), kLanes) << "it knew after " << knew - thawed << " ms";
}

TEST_F(FrozenHost, that_still_has_its_partitions_goes_on) {
  produce(1'000);
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
