// SIGHUP and gantry reload: routes come, go and change while the others stay where they are, and
// what is wrong changes nothing.
#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>

#include "releases.hpp"

namespace gantry::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::size_t lines_with(const std::string& text, const std::string& first, const std::string& then) {
  std::istringstream lines(text);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);)
    if (line.find(first) != std::string::npos && line.find(then) != std::string::npos) ++count;
  return count;
}

class Reload : public Releases {
 protected:
  void SetUp() override {
    Releases::SetUp();
    write_probe_route("probe");
    write_release_route();
  }
  void remove_route(const std::string& name) {
    fs::remove(files.folder() / "routes.d" / (name + ".toml"));
  }
  void expect_at_work(const std::string& key) {
    send(key, "ok");
    probe_file().wait_for_key(key);
    calls().wait_for_key(key, "v1");
  }
  void expect_refused(HostProcess& host, const std::string& why) {
    const Finished refused = command({"reload"});
    EXPECT_EQ(refused.exit_code, 78) << refused.output;
    EXPECT_THAT(refused.output,
                AllOf(HasSubstr(why), HasSubstr("goes on with the configuration that it has")));
    EXPECT_THAT(host.log(), HasSubstr("the reload failed; everything goes on as it was"));
  }
};

TEST_F(Reload, by_a_signal_adds_changes_and_removes_routes_and_leaves_the_others_alone) {
  write_probe_route("other");
  HostProcess host(files);
  send("a", "ok");
  probe_file().wait_for_key("a");
  probe_file("other").wait_for_key("a");
  calls().wait_for_key("a", "v1");

  write_probe_route("added");
  remove_route("other");
  write_release_route("concurrency = 5");
  reload(host);
  send("b", "ok");
  probe_file().wait_for_key("b");
  probe_file("added").wait_for_key("b");
  calls().wait_for_key("b", "v1");

  EXPECT_TRUE(probe_file("other").calls_of("b").empty());
  EXPECT_EQ(calls().calls("v1").size(), 2u) << "none came again";
  EXPECT_EQ(lines_with(host.log(), "partitions assigned", "route=probe"), 1u) << "it was let be";
  EXPECT_EQ(lines_with(host.log(), "partitions given up", "route=probe"), 0u);
  EXPECT_THAT(host.get("/readyz").body,
              AllOf(HasSubstr("route:added"), Not(HasSubstr("route:other"))));
  EXPECT_EQ(host.terminate(), 0);
}

TEST_F(Reload, says_what_it_did) {
  HostProcess host(files);
  host.wait_until_ready();
  write_probe_route("added");
  write_release_route("concurrency = 5\norder = \"none\"");
  const Finished reloaded = command({"reload"});
  EXPECT_EQ(reloaded.exit_code, 0);
  EXPECT_EQ(reloaded.output,
            "added          added\n"
            "changed        release: concurrency, order\n"
            "kept           probe\n");
  EXPECT_EQ(command({"reload"}).output, "kept           added, probe, release\n");
}

TEST_F(Reload, what_only_a_restart_changes_is_named_and_the_rest_is_done) {
  HostProcess host(files);
  host.wait_until_ready();
  write_main("[log]\nlevel = \"debug\"\n");
  std::string text = read_file(files.file());
  text.replace(text.find("memory_mb = 64"), 14, "memory_mb = 65");
  write_file(files.file(), text);
  write_release_route("concurrency = 5");
  const Finished reloaded = command({"reload"});
  EXPECT_EQ(reloaded.exit_code, 0);
  EXPECT_THAT(reloaded.output, AllOf(HasSubstr("changed        release: concurrency\n"),
                                     HasSubstr("needs restart  memory_mb\n")));
  EXPECT_THAT(host.log(), HasSubstr("needs_restart=memory_mb"));
  expect_at_work("a");
}

TEST_F(Reload, of_a_file_that_is_no_toml_changes_nothing_and_names_it) {
  HostProcess host(files);
  host.wait_until_ready();
  write_release_route("concurrency = 5");
  files.route("wrong", "[[route]\n");
  expect_refused(host, "wrong.toml:1");
  expect_at_work("a");
  remove_route("wrong");
  EXPECT_THAT(command({"reload"}).output, StartsWith("changed        release: concurrency"));
}

TEST_F(Reload, of_a_route_that_its_handler_refuses_changes_nothing) {
  HostProcess host(files);
  host.wait_until_ready();
  write_probe_route("added", "topics = [\"@TOPIC@\"]\n");
  files.route("probe",
              "[[plugin]]\nlibrary = \"libprobe.so\"\n[[route]]\nname = \"probe\"\n"
              "handler = \"probe\"\ntopics = [\"@TOPIC@\"]\n"
              "settings = { file = \"/no/such/folder/calls\" }\n");
  expect_refused(host, "file: cannot be opened");
  expect_at_work("a");
  EXPECT_THAT(host.get("/readyz").body, Not(HasSubstr("route:added")));
}

TEST_F(Reload, of_a_library_that_is_none_changes_nothing) {
  HostProcess host(files);
  host.wait_until_ready();
  write_file(libraries / "librelease.so", "no library");
  expect_refused(host, "librelease.so");
  expect_at_work("a");
}

TEST_F(Reload, of_a_library_that_others_could_have_changed_changes_nothing) {
  HostProcess host(files);
  host.wait_until_ready();
  install("v2");
  fs::permissions(libraries.path(), fs::perms::others_write, fs::perm_options::add);
  expect_refused(host, "chmod go-w " + libraries.path().string());
  expect_at_work("a");
  fs::permissions(libraries.path(), fs::perms::others_write, fs::perm_options::remove);
  EXPECT_THAT(command({"reload"}).output, HasSubstr("release: the library of its handler"));
}

TEST_F(Reload, gives_a_route_the_new_code_of_its_library) {
  HostProcess host(files);
  send("a", "ok");
  calls().wait_for_key("a", "v1");
  install("v2");
  send("b", "ok");
  calls().wait_for_key("b", "v1");
  const Finished reloaded = command({"reload"});
  EXPECT_THAT(reloaded.output, HasSubstr("changed        release: the library of its handler\n"));
  send("c", "ok");
  calls().wait_for_key("c", "v2");
  EXPECT_EQ(calls().calls("v1").size(), 2u);
  EXPECT_EQ(calls().calls("v2").size(), 1u);
}

TEST_F(Reload, has_a_route_read_its_new_topics) {
  HostProcess host(files);
  send("a", "ok");
  calls().wait_for_key("a", "v1");
  const std::string more = topic + "-more";
  kafka.create_topic(more);
  write_release_route("", "topics = [\"@TOPIC@\", \"" + more + "\"]");
  EXPECT_EQ(command({"reload"}).exit_code, 0);
  kafka.produce({.topic = more, .key = "b", .value = "ok"});
  send("c", "ok");
  calls().wait_for_key("b", "v1");
  calls().wait_for_key("c", "v1");
  EXPECT_EQ(calls().calls("v1").size(), 3u);
}

TEST_F(Reload, takes_a_plugin_that_is_dropped_in_as_two_files_and_lets_it_go_with_them) {
  remove_route("release");
  fs::remove(libraries / "librelease.so");
  HostProcess host(files);
  host.wait_until_ready();
  install("v1");
  write_release_route();
  reload(host);
  expect_at_work("a");
  remove_route("release");
  fs::remove(libraries / "librelease.so");
  reload(host);
  send("b", "ok");
  probe_file().wait_for_key("b");
  EXPECT_EQ(calls().calls("v1").size(), 1u);
  EXPECT_THAT(host.get("/readyz").body, Not(HasSubstr("release")));
}

TEST_F(Reload, a_paused_route_stays_paused) {
  HostProcess host(files);
  host.wait_until_ready();
  EXPECT_EQ(command({"pause", "release"}).exit_code, 0);
  install("v2");
  reload(host);
  send("a", "ok");
  probe_file().wait_for_key("a");
  EXPECT_THAT(host.get("/readyz").body, HasSubstr(R"("state":"paused")"));
  EXPECT_TRUE(calls().calls("v2").empty());
  EXPECT_EQ(command({"resume", "release"}).exit_code, 0);
  calls().wait_for_key("a", "v2");
}

TEST_F(Reload, waits_for_what_a_handler_has_and_leaves_one_alone_that_does_not_return) {
  write_probe_route("probe", "drain_timeout_ms = 1000\n");
  HostProcess host(files);
  send("hangs", "hang");
  probe_file().wait_for_key("hangs", "begin");
  write_probe_route("probe", "drain_timeout_ms = 1000\nconcurrency = 5\n");
  EXPECT_EQ(command({"reload"}).exit_code, 0);
  send("a", "ok");
  probe_file().wait_for_key("a");
  eventually([&] { return probe_file().calls_of("hangs", "begin").size() == 2; }, 60s,
             "the message to come again");
  EXPECT_EQ(host.terminate(), 0);
}

TEST_F(Reload, of_a_route_that_waits_for_its_dead_letter_topic_loses_none) {
  const std::string letters = run + "-late";
  const auto write = [&](int concurrency) {
    write_probe_route("probe",
                      "drain_timeout_ms = 500\nconcurrency = " + std::to_string(concurrency) +
                          "\ndead_letter = { topic = \"" + letters + "\" }\n");
  };
  write(1);
  HostProcess host(files);
  send("bad", "reject");
  probe_file().wait_for_key("bad");
  for (int concurrency = 2; concurrency < 5; ++concurrency) {
    write(concurrency);
    EXPECT_EQ(command({"reload"}).exit_code, 0);
    eventually([&] { return probe_file().calls_of("bad").size() >= std::size_t(concurrency); }, 60s,
               "the message to come again");
  }
  kafka.create_topic(letters);
  kafka.wait_until_committed(group(), topic);
  EXPECT_FALSE(kafka.consume_all(letters).empty());
  EXPECT_EQ(host.terminate(), 0);
}

// What systemd is told, in the place of systemd.
class NotifySocket {
 public:
  explicit NotifySocket(const fs::path& path) : fd_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("the notify socket can't be made");
  }
  ~NotifySocket() { ::close(fd_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  std::string receive() const {
    pollfd readable{fd_, POLLIN, 0};
    char text[512];
    if (::poll(&readable, 1, 60'000) != 1) return "nothing";
    const ssize_t size = ::recv(fd_, text, sizeof text, 0);
    return {text, static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
  }

 private:
  int fd_;
};

TEST_F(Reload, is_told_to_systemd) {
  const NotifySocket systemd(files.folder() / "notify");
  HostProcess host(files, {{"NOTIFY_SOCKET", in_folder("notify")}});
  EXPECT_EQ(systemd.receive(), "READY=1");
  host.signal(SIGHUP);
  EXPECT_THAT(systemd.receive(), StartsWith("RELOADING=1\nMONOTONIC_USEC="));
  EXPECT_EQ(systemd.receive(), "READY=1");
  files.route("wrong", "[[route]\n");
  host.signal(SIGHUP);
  EXPECT_THAT(systemd.receive(), StartsWith("RELOADING=1\n"));
  EXPECT_EQ(systemd.receive(), "READY=1") << "with what it has";
  host.signal(SIGTERM);
  EXPECT_EQ(systemd.receive(), "STOPPING=1");
}

// A route that leaves the group on purpose hands its partitions to the others at once, long before
// it is missed.
TEST_F(Reload, of_one_host_that_gives_a_route_up_leaves_its_partitions_to_the_others) {
  write_release_route("consumer = { \"session.timeout.ms\" = \"200000\" }\n");
  HostProcess host(files);
  host.wait_until_ready();
  ConfigFiles other;
  other.set("BOOTSTRAP", files.filled("@BOOTSTRAP@")).set("PROBE_DIR", files.filled("@PROBE_DIR@"));
  other.set("TOPIC", topic)
      .set("DLQ", dlq)
      .set("RUN", run)
      .set("CALLS", in_folder("release.calls"));
  other.usual_main("[defaults]\ngroup = \"@RUN@-{route}\"\ndead_letter = { topic = \"@DLQ@\" }\n");
  std::string main = read_file(other.file());
  main.replace(main.find("dirs = ["), 8, "dirs = [\"" + files.filled("@PROBE_DIR@") + "\", ");
  write_file(other.file(), main);
  other.route("release",
              "[[plugin]]\nlibrary = \"librelease.so\"\n[[route]]\nname = \"release\"\n"
              "handler = \"release\"\ntopics = [\"@TOPIC@\"]\nsettings = { file = \"@CALLS@\" }\n");
  HostProcess second(other);
  second.wait_until_ready();
  remove_route("release");
  reload(host);
  for (int i = 0; i < 30; ++i) send("key-" + std::to_string(i), "ok");
  calls().wait_for(30, "v1", 60s);
}

}  // namespace
}  // namespace gantry::test
