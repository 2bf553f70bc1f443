// Commands over the control socket, from the client to who executes them.
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "control/client.hpp"
#include "control/server.hpp"
#include "support/temp_folder.hpp"

namespace gantry::control {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class Control : public testing::Test {
 protected:
  void serve(Execute execute) {
    server_.emplace(socket_, std::move(execute));
    server_->start();
  }
  // Sends these very bytes; all that comes back.
  std::string raw(const std::string& bytes) const {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_.string().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL), ssize_t(bytes.size()));
    ::shutdown(fd, SHUT_WR);
    std::string all;
    char part[1024];
    for (ssize_t size = 0; (size = ::read(fd, part, sizeof part)) > 0;)
      all.append(part, static_cast<std::size_t>(size));
    ::close(fd);
    return all;
  }

  test::TempFolder folder_;
  const std::filesystem::path socket_ = folder_ / "admin.sock";
  std::optional<Server> server_;
};

TEST_F(Control, a_command_comes_with_its_body_and_who_has_sent_it) {
  Command got;
  serve([&](const Command& command) {
    got = command;
    return Answer{404, "{\"a\":1}"};
  });
  const Answer answer = send_command(socket_, "/pause", "orders");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.body, "{\"a\":1}");
  EXPECT_EQ(got.path, "/pause");
  EXPECT_EQ(got.body, "orders");
  EXPECT_EQ(got.peer.uid, getuid());
  EXPECT_EQ(got.peer.pid, getpid());
}

TEST_F(Control, what_a_command_throws_is_its_answer) {
  serve([](const Command&) -> Answer { throw std::runtime_error("not \"now\""); });
  const Answer answer = send_command(socket_, "/reload");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, "{\"error\":\"not \\\"now\\\"\"}\n");
}

TEST_F(Control, looking_changes_nothing) {
  serve([](const Command&) -> Answer { throw std::logic_error("executed"); });
  EXPECT_THAT(raw("GET /reload HTTP/1.1\r\nHost: a\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("[admin] listen")));
}

TEST_F(Control, what_is_no_request_is_not_executed) {
  serve([](const Command&) -> Answer { throw std::logic_error("executed"); });
  EXPECT_EQ(raw("hello\r\n\r\n"), "");
  EXPECT_EQ(raw("POST /reload HTTP/1.1\r\nContent-Length: 10\r\n\r\nhal"), "");
}

TEST_F(Control, a_silent_client_holds_up_nobody) {
  serve([](const Command&) { return Answer{}; });
  const int silent = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_.string().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::connect(silent, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(send_command(socket_, "/reload").status, 200);
  ::close(silent);
}

TEST_F(Control, the_socket_is_gone_with_its_server_and_another_one_may_have_it) {
  serve([](const Command&) { return Answer{}; });
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(socket_));
  EXPECT_THROW(send_command(socket_, "/reload"), Unreachable);
  serve([](const Command&) { return Answer{}; });
  EXPECT_THROW(Server(socket_, {}), std::runtime_error);
  EXPECT_EQ(send_command(socket_, "/reload").status, 200);
}

TEST_F(Control, a_folder_that_is_not_there_is_named) {
  try {
    const Server server(folder_ / "none" / "admin.sock", {});
    ADD_FAILURE() << "it was made";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("none/admin.sock ([admin] socket)"),
                                    HasSubstr("RuntimeDirectory=")));
  }
}

}  // namespace
}  // namespace gantry::control
