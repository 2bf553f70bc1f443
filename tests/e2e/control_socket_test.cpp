// The control socket as a file: who may open it, what is done with one that is there already, and
// its end.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class ControlSocket : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
    write_probe_route();
  }
  const fs::path socket = files.folder() / "admin.sock";
};

TEST_F(ControlSocket, is_for_its_owner_and_group_and_is_gone_at_the_end) {
  HostProcess host(files);
  host.wait_until_ready();
  struct stat facts {};
  ASSERT_EQ(lstat(socket.c_str(), &facts), 0);
  EXPECT_TRUE(S_ISSOCK(facts.st_mode));
  EXPECT_EQ(facts.st_mode & 07777, 0660u);
  EXPECT_EQ(host.terminate(), 0);
  EXPECT_FALSE(fs::exists(socket));
}

TEST_F(ControlSocket, of_a_host_that_was_killed_is_replaced) {
  {
    HostProcess host(files);
    host.wait_until_ready();
    host.kill9();
  }
  ASSERT_TRUE(fs::exists(socket));
  EXPECT_EQ(command({"reload"}).exit_code, 69) << "nobody listens";
  HostProcess again(files);
  again.wait_until_ready();
  EXPECT_EQ(command({"reload"}).exit_code, 0);
}

TEST_F(ControlSocket, of_a_host_that_runs_is_left_to_it) {
  HostProcess host(files);
  host.wait_until_ready();
  ConfigFiles other;
  other.set("BOOTSTRAP", files.filled("@BOOTSTRAP@"));
  other.main(
      "state_dir = \"@STATE@\"\n[kafka]\n\"bootstrap.servers\" = \"@BOOTSTRAP@\"\n"
      "[admin]\nsocket = \"" +
      socket.string() + "\"\n");
  HostProcess second(other);
  EXPECT_EQ(second.wait_for_end(), 1);
  EXPECT_THAT(second.log(),
              AllOf(HasSubstr("is in use by another host"), HasSubstr("a socket of its own")));
  EXPECT_EQ(command({"reload"}).exit_code, 0) << "the first one is still there";
}

TEST_F(ControlSocket, never_takes_the_place_of_another_file) {
  write_file(socket, "precious");
  HostProcess host(files);
  EXPECT_EQ(host.wait_for_end(), 1);
  EXPECT_THAT(host.log(), HasSubstr("a file that is no socket"));
  EXPECT_EQ(read_file(socket), "precious");
}

TEST_F(ControlSocket, that_is_not_there_is_told_with_a_remedy) {
  const Finished reloaded = command({"reload"});
  EXPECT_EQ(reloaded.exit_code, 69);
  EXPECT_THAT(reloaded.output, HasSubstr("start `gantry run`"));
}

}  // namespace
}  // namespace gantry::test
