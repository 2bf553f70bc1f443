// A socket to a local server that sends exactly the bytes a test gives it, and reads what comes
// back.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gantry::test {

struct Answer {
  int status = 0;
  std::string head;  // status line and fields
  std::string body;
};

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("the test can't connect to port " + std::to_string(port));
    }
  }
  ~HttpClient() { ::close(socket_); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // False when the server has closed the connection.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
  }
  void end_sending() { ::shutdown(socket_, SHUT_WR); }

  // One answer; status 0 when the connection ended first. `head_only` for the answer to HEAD.
  Answer receive(bool head_only = false) {
    Answer answer;
    while (buffer_.find("\r\n\r\n") == std::string::npos) {
      if (!more()) return answer;
    }
    const std::size_t end = buffer_.find("\r\n\r\n") + 4;
    answer.head = buffer_.substr(0, end);
    buffer_.erase(0, end);
    const std::size_t length = content_length(answer.head);
    while (!head_only && buffer_.size() < length) {
      if (!more()) return answer;
    }
    if (!head_only) {
      answer.body = buffer_.substr(0, length);
      buffer_.erase(0, length);
    }
    answer.status = std::atoi(answer.head.substr(answer.head.find(' ') + 1).c_str());
    return answer;
  }

  Answer ask(std::string_view bytes) {
    send(bytes);
    return receive(bytes.starts_with("HEAD "));
  }

  // Waits for the server to close the connection; false when it sends something instead.
  bool closed_by_server() { return buffer_.empty() && !more(); }

 private:
  static std::size_t content_length(const std::string& head) {
    const auto at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 16, nullptr, 10);
  }

  bool more() {
    pollfd readable{socket_, POLLIN, 0};
    if (::poll(&readable, 1, 60'000) != 1) throw std::runtime_error("the server is silent");
    char bytes[4096];
    const ssize_t size = ::recv(socket_, bytes, sizeof bytes, 0);
    if (size > 0) buffer_.append(bytes, static_cast<std::size_t>(size));
    return size > 0;
  }

  int socket_;
  std::string buffer_;
};

inline std::string get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n\r\n";
}

}  // namespace gantry::test
