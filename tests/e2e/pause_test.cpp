// gantry pause and resume: what handlers have is settled, what waits goes on waiting, nothing else
// notices.
#include <gmock/gmock.h>

#include <future>

#include "releases.hpp"
#include "support/free_port.hpp"
#include "unit/http/http_client.hpp"

namespace gantry::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Pause : public Releases {
 protected:
  void SetUp() override {
    Releases::SetUp();
    write_probe_route("probe", "retry = { backoff_ms = 3000 }\n");
    write_probe_route("other", "retry = { backoff_ms = 6000 }\n");
  }
  // Another route has handled everything there is, so that the paused one could have done it, too.
  void wait_for_the_other_route() { kafka.wait_until_committed(group("other"), topic); }
};

TEST_F(Pause, takes_nothing_new_and_settles_what_the_handler_has) {
  HostProcess host(files);
  send("slow", "wait-for:" + in_folder("go"));
  probe_file().wait_for_key("slow", "begin");
  auto pausing = std::async(std::launch::async, [&] { return command({"pause", "probe"}); });
  host.wait_for_log("pause asked for");
  touch("go");
  const Finished paused = pausing.get();
  EXPECT_EQ(paused.exit_code, 0) << paused.output;
  EXPECT_EQ(paused.output, "paused probe\n");
  EXPECT_EQ(probe_file().calls_of("slow", "end").size(), 1u);

  for (int i = 0; i < 50; ++i) send("key-" + std::to_string(i), "ok");
  wait_for_the_other_route();
  EXPECT_EQ(probe_file().calls().size(), 1u);
  const HttpAnswer ready = host.get("/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_THAT(ready.body,
              AllOf(HasSubstr(R"("state":"paused")"), HasSubstr("gantry resume probe")));

  EXPECT_EQ(command({"resume", "probe"}).output, "resumed probe\n");
  kafka.wait_until_committed(group(), topic);
  EXPECT_EQ(probe_file().calls().size(), 51u);
  EXPECT_EQ(probe_file().order_problem(), "");
  host.wait_until_ready();
}

TEST_F(Pause, a_parked_key_waits_until_the_route_goes_on) {
  HostProcess host(files);
  send("parked", "fail:1");
  probe_file().wait_for_key("parked");
  EXPECT_EQ(command({"pause", "probe"}).exit_code, 0);
  // Its back-off is over when the longer one of the other route is.
  eventually([&] { return probe_file("other").calls_of("parked", "end").size() == 2; }, 60s,
             "the other route to try again");
  EXPECT_EQ(probe_file().calls_of("parked").size(), 1u);
  EXPECT_EQ(command({"resume", "probe"}).exit_code, 0);
  kafka.wait_until_committed(group(), topic);
  EXPECT_EQ(probe_file().calls_of("parked").size(), 2u);
  EXPECT_TRUE(dead_letters().empty());
}

TEST_F(Pause, a_route_may_be_paused_for_longer_than_its_handler_takes_and_the_host_ends_in_order) {
  HostProcess host(files);
  host.wait_until_ready();
  EXPECT_EQ(command({"pause", "probe"}).exit_code, 0);
  send("a", "ok");
  wait_for_the_other_route();
  EXPECT_EQ(host.terminate(), 0);
  EXPECT_TRUE(probe_file().calls().empty());
  HostProcess again(files);  // which is not paused
  probe_file().wait_for_key("a");
}

TEST_F(Pause, it_is_logged_who_has_asked_for_it) {
  HostProcess host(files);
  host.wait_until_ready();
  EXPECT_EQ(command({"pause", "probe"}).exit_code, 0);
  EXPECT_THAT(host.log(), HasSubstr("pause asked for"));
  EXPECT_THAT(host.log(), HasSubstr("uid=" + std::to_string(getuid()) + " pid="));
}

TEST_F(Pause, a_route_of_requests_answers_503_with_retry_after) {
  const std::uint16_t port = free_port();
  write_main("[http]\nlisten = \"127.0.0.1:" + std::to_string(port) + "\"\n");
  write_release_route("", "http = { method = \"POST\", path = \"/release\" }");
  HostProcess host(files);
  host.wait_until_ready();
  const auto ask = [&] {
    HttpClient client(port);
    return client.ask(
        "POST /release HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\n\r\n{}");
  };
  EXPECT_EQ(ask().status, 200);
  EXPECT_EQ(command({"pause", "release"}).exit_code, 0);
  const Answer refused = ask();
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.head, HasSubstr("Retry-After: "));
  EXPECT_THAT(refused.body, HasSubstr("is paused"));
  EXPECT_EQ(command({"resume", "release"}).exit_code, 0);
  EXPECT_EQ(ask().status, 200);
  EXPECT_EQ(calls().calls("v1").size(), 2u);
}

TEST_F(Pause, an_unknown_route_is_named_with_the_nearest_one) {
  HostProcess host(files);
  host.wait_until_ready();
  const Finished paused = command({"pause", "prob"});
  EXPECT_EQ(paused.exit_code, 1);
  EXPECT_THAT(paused.output, AllOf(HasSubstr("no route \"prob\""), HasSubstr("\"probe\"")));
}

}  // namespace
}  // namespace gantry::test
