#include "support/host_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace gantry::test {

std::string gantry_program() {
  const char* other = std::getenv("GANTRY_TEST_BINARY");
  return other != nullptr ? other : GANTRY_TEST_BINARY;
}

HostProcess::HostProcess(const ConfigFiles& files,
                         const std::map<std::string, std::string>& environment,
                         const std::string& program)
    : log_file_(folder_ / "host.log"), admin_port_(files.admin_port()) {
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{program.empty() ? gantry_program() : program, "run", "--config",
                               files.file().string()},
      log_file_, environment);
}

HostProcess::~HostProcess() {
  if (testing::Test::HasFailure() || std::uncaught_exceptions() > 0) {
    std::cerr << "---- the end of the log of host " << pid() << "\n" << log_tail() << "----\n";
  }
}

std::string HostProcess::log() const { return read_file(log_file_); }

std::string HostProcess::log_tail() const {
  const std::string all = log();
  constexpr std::size_t most = 6000;
  if (all.size() <= most) return all;
  return "…" + all.substr(all.find('\n', all.size() - most));
}

void HostProcess::wait_for_log(const std::string& text, std::chrono::milliseconds timeout) {
  eventually(
      [&] {
        if (log().find(text) != std::string::npos) return true;
        if (!running())
          throw std::runtime_error("the host ended before it logged: " + text + "\n" + log_tail());
        return false;
      },
      timeout, "the host to log: " + text);
}

void HostProcess::wait_until_ready(std::chrono::milliseconds timeout) {
  HttpAnswer answer;
  eventually(
      [&] {
        if (!running())
          throw std::runtime_error("the host ended before it was ready\n" + log_tail());
        answer = get("/readyz");
        return answer.status == 200;
      },
      timeout,
      [&] {
        return "the host to be ready; /readyz says " + std::to_string(answer.status) + " " +
               answer.body;
      });
}

HttpAnswer HostProcess::get(const std::string& path) const {
  namespace asio = boost::asio;
  namespace http = boost::beast::http;
  try {
    asio::io_context io;
    boost::beast::tcp_stream stream(io);
    HttpAnswer result;
    http::request<http::empty_body> request(http::verb::get, path, 11);
    request.set(http::field::host, "127.0.0.1");
    request.set(http::field::connection, "close");
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> response;
    boost::system::error_code failed;
    stream.expires_after(10s);
    stream.async_connect(
        {asio::ip::address_v4::loopback(), admin_port_}, [&](boost::system::error_code error) {
          if ((failed = error)) return;
          http::async_write(stream, request,
                            [&](boost::system::error_code write_error, std::size_t) {
                              if ((failed = write_error)) return;
                              http::async_read(stream, buffer, response,
                                               [&](boost::system::error_code read_error,
                                                   std::size_t) { failed = read_error; });
                            });
        });
    io.run();
    if (failed) return {};
    return {static_cast<int>(response.result_int()), response.body()};
  } catch (const boost::system::system_error&) {
    return {};
  }
}

void HostProcess::kill9() {
  process_->signal(SIGKILL);
  process_->wait(30s);
}

std::optional<int> HostProcess::terminate(std::chrono::milliseconds timeout) {
  process_->signal(SIGTERM);
  return process_->wait(timeout);
}

void HostProcess::pause() { process_->signal(SIGSTOP); }
void HostProcess::resume() { process_->signal(SIGCONT); }

std::int64_t HostProcess::rss_kb() const {
  std::ifstream status("/proc/" + std::to_string(pid()) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::atoll(line.c_str() + 6);
  }
  return 0;
}

double HostProcess::cpu_seconds() const {
  const std::string stat = read_file("/proc/" + std::to_string(pid()) + "/stat");
  const auto name_end = stat.rfind(')');  // the name may have spaces
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(stat.substr(name_end + 2));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

Finished run_gantry(const std::vector<std::string>& arguments,
                    const std::map<std::string, std::string>& environment) {
  std::vector<std::string> words{gantry_program()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return run_program(words, 60s, environment);
}

}  // namespace gantry::test
