// What a person on call asks a host: /routes, gantry status, gantry lag; and a route that stalls.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "end_to_end.hpp"
#include "metric_samples.hpp"
#include "support/free_port.hpp"

namespace gantry::test {
namespace {

namespace json = boost::json;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class Status : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
  }
  Finished command(std::vector<std::string> words) const {
    words.insert(words.end(), {"--config", files.file().string()});
    return run_gantry(words);
  }
  std::string output(std::vector<std::string> words) const {
    const Finished finished = command(std::move(words));
    EXPECT_EQ(finished.exit_code, 0) << finished.output;
    return finished.output;
  }
  static json::object route_of(const HostProcess& host) {
    const json::value all = json::parse(host.get("/routes").body);
    return all.at("routes").as_array().at(0).as_object();
  }
  // Until /routes says of the one route what is asked for.
  static json::object wait_for(const HostProcess& host,
                               const std::function<bool(const json::object&)>& as_wanted,
                               const std::string& what) {
    json::object route;
    eventually(
        [&] {
          route = route_of(host);
          return as_wanted(route);
        },
        60s, [&] { return what + "; /routes says " + json::serialize(route); });
    return route;
  }
  // One message that the handler keeps until go(), and `behind` more of its key.
  void hold(int behind) {
    send("held", "wait-for:" + in_folder("go"), 0);
    probe_file().wait_for_key("held", "begin");
    for (int i = 0; i < behind; ++i) send("held", "ok", 0);
  }
  void go() const { touch("go"); }
};

TEST_F(Status, routes_tells_state_lag_rates_and_the_last_errors) {
  write_probe_route("probe", "retry = { max_attempts = 2, backoff_ms = 1 }\n");
  HostProcess host(files);
  host.wait_until_ready();
  const Record bad = send("bad", "reject", 1);
  hold(4);
  const json::object route = wait_for(
      host,
      [](const json::object& one) {
        return one.at("lag") == 5 && one.at("rates").is_object() &&
               !one.at("lastErrors").as_array().empty() && one.at("counts").at("settled") == 1;
      },
      "a lag of 5");
  EXPECT_EQ(route.at("name"), "probe");
  EXPECT_EQ(route.at("state"), "running");
  EXPECT_EQ(route.at("ready"), true);
  EXPECT_EQ(route.at("source"), json::value(topic));
  EXPECT_EQ(route.at("group"), json::value(group()));
  EXPECT_EQ(route.at("inFlight"), 1);
  EXPECT_EQ(route.at("counts").at("reject"), 1);
  EXPECT_EQ(route.at("counts").at("deadLetters"), 1);
  const json::object& error = route.at("lastErrors").as_array().at(0).as_object();
  EXPECT_EQ(error.at("verdict"), "reject");
  EXPECT_EQ(error.at("reason"), "asked to");
  EXPECT_EQ(error.at("class"), "probe.reject");
  EXPECT_EQ(error.at("topic"), json::value(topic));
  EXPECT_EQ(error.at("partition"), bad.partition);
  EXPECT_EQ(error.at("offset"), bad.offset);
  go();
  wait_for(
      host, [](const json::object& one) { return one.at("lag") == 0; }, "no lag");
}

TEST_F(Status, is_a_line_for_each_route_and_what_is_wrong_with_it) {
  write_probe_route();
  HostProcess host(files);
  host.wait_until_ready();
  send("down", "down:" + in_folder("up"), 0);
  wait_for(
      host, [](const json::object& one) { return one.at("state") == "unavailable"; },
      "to be unavailable");
  const std::string text = output({"status"});
  EXPECT_THAT(text, ContainsRegex("ROUTE +STATE +SINCE +LAG +OK/S"));
  EXPECT_THAT(text, ContainsRegex("probe +unavailable +[0-9]+s "));
  EXPECT_THAT(text, HasSubstr("probe is unavailable: asked to\n"));
  EXPECT_THAT(text, HasSubstr("unavailable of " + topic + ":0:0"));
  EXPECT_EQ(json::parse(output({"status", "--json"})).at("routes").as_array().size(), 1u);
  touch("up");
  wait_for(
      host, [](const json::object& one) { return one.at("state") == "running"; }, "to run again");
  EXPECT_THAT(output({"status"}), Not(HasSubstr("probe is")));
}

TEST_F(Status, says_so_when_nobody_answers) {
  write_probe_route();
  const Finished finished = command({"status"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.output, HasSubstr("no host answers at 127.0.0.1:"));
}

TEST_F(Status, lag_is_asked_of_the_brokers_whether_a_host_runs_or_not) {
  write_probe_route();
  for (int i = 0; i < 3; ++i) send("early", "ok", 2);
  EXPECT_THAT(output({"lag"}), ContainsRegex("probe +" + topic + " +2 +- +3 +3\n"))
      << "nothing is committed";
  {
    HostProcess host(files);
    kafka.wait_until_committed(group(), topic);
    EXPECT_THAT(output({"lag"}), ContainsRegex("probe +" + topic + " +2 +3 +3 +0\n"));
    host.terminate();
  }
  for (int i = 0; i < 5; ++i) send("late", "ok", 2);
  EXPECT_THAT(output({"lag"}), AllOf(ContainsRegex("probe +" + topic + " +2 +3 +8 +5\n"),
                                     ContainsRegex("probe +all +5\n")));
  const json::value all = json::parse(output({"lag", "--json", "--route", "probe"}));
  EXPECT_EQ(all.at("routes").as_array().at(0).at("lag"), 5);
}

TEST_F(Status, lag_names_what_is_not_there) {
  write_probe_route("probe", "topics = [\"@TOPIC@\", \"@RUN@-nowhere\"]\n");
  EXPECT_THAT(output({"lag"}), HasSubstr("there is no topic " + run + "-nowhere"));
  const Finished unknown = command({"lag", "--route", "other"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_THAT(unknown.output, HasSubstr("there is no route \"other\""));
}

TEST_F(Status, lag_says_so_when_no_broker_answers) {
  files.set("KAFKA",
            "[kafka]\n\"bootstrap.servers\" = \"127.0.0.1:" + std::to_string(free_port()) + "\"\n");
  write_main();
  write_probe_route();
  const Finished finished = command({"lag"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.output, HasSubstr("Start the brokers"));
}

TEST_F(Status, a_route_that_stalls_is_told_in_log_health_and_metrics) {
  write_probe_route("probe", "stall_after_ms = 1000\n");
  HostProcess host(files);
  host.wait_until_ready();
  EXPECT_EQ(sample_of(host.get("/metrics").body, "gantry_route_stalled{route=\"probe\"}"), 0);
  hold(7);
  wait_for(
      host, [](const json::object& one) { return one.at("stalled") == true; }, "a stall");
  EXPECT_EQ(host.get("/readyz").status, 503);
  EXPECT_THAT(host.get("/readyz").body, HasSubstr("\"stall:probe\":{\"ready\":false"));
  EXPECT_EQ(sample_of(host.get("/metrics").body, "gantry_route_stalled{route=\"probe\"}"), 1);
  EXPECT_THAT(host.log(), ContainsRegex("WARN.*stall:probe.*nothing has settled for 1000 ms"));
  EXPECT_THAT(output({"status"}), ContainsRegex("probe +stalled"));
  go();
  host.wait_until_ready();
  host.wait_for_log("the route is not stalled any more");
}

}  // namespace
}  // namespace gantry::test
