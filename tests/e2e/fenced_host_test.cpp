// Two hosts with one name: the group knows the later one, and fences the earlier one off, which
// says so and comes back when it can, whatever its handlers hold.
#include <gmock/gmock.h>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

constexpr const char* kTakenOver = "another host has taken over group.instance.id";

std::size_t assignments(const HostProcess& host) {
  const std::string log = host.log();
  std::size_t count = 0;
  for (std::size_t at = 0; (at = log.find("partitions assigned", at)) != std::string::npos; ++at)
    ++count;
  return count;
}

class FencedHost : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_member(files, run, in_folder("first.calls"));
    write_member(second_, run, in_folder("second.calls"));
  }
  ConfigFiles second_;
};

TEST_F(FencedHost, comes_back_though_a_handler_still_holds_a_message) {
  HostProcess first(files);
  first.wait_until_ready();
  send("stuck", "wait-for:" + in_folder("released"), 0);
  probe_file("first").wait_for_key("stuck", "begin");

  {
    HostProcess second(second_);
    second.wait_for_log("partitions assigned");
    first.wait_for_log(kTakenOver);
    eventually(
        [&] {
          const HttpAnswer ready = first.get("/readyz");
          return ready.status == 503 && ready.body.find(kTakenOver) != std::string::npos;
        },
        60s, "the fenced host to say why it is not ready");
    EXPECT_THAT(first.log(), testing::HasSubstr("the assignment was lost"));
    second.kill9();
  }
  eventually([&] { return assignments(first) >= 2; }, 60s, "the fenced host to come back");
  send("later", "ok", 0);
  probe_file("first").wait_for_key("later");
  EXPECT_THAT(probe_file("first").calls("end"),
              testing::Each(testing::Field(&ProbeCall::key, testing::Ne("stuck"))))
      << "the handler did not hold its message all the time";

  touch("released");
  kafka.wait_until_committed(group(), topic);
  EXPECT_EQ(first.terminate(60s), 0) << "what was left of the old client kept the process";
}

}  // namespace
}  // namespace gantry::test
