#include "control/client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace gantry::control {
namespace {

namespace asio = boost::asio;
namespace field = boost::beast::http;
using boost::system::error_code;

[[noreturn]] void fail(const std::filesystem::path& socket, const error_code& error) {
  std::string remedy = "See the log of the host.";
  if (error == asio::error::access_denied)
    remedy = "Run this as the user of the host, or as one of its group.";
  else if (error == boost::system::errc::no_such_file_or_directory ||
           error == asio::error::connection_refused)
    remedy = "No host runs with this socket: start `gantry run`, or name the socket with --socket.";
  throw Unreachable("can't talk to the host at " + socket.string() + ": " + error.message() + ". " +
                    remedy);
}

}  // namespace

Answer send_command(const std::filesystem::path& path, const std::string& target,
                    const std::string& body) {
  asio::io_context io;
  asio::local::stream_protocol::socket socket(io);
  error_code error;
  const auto check = [&] {
    if (error) fail(path, error);
  };
  socket.connect(asio::local::stream_protocol::endpoint(path.string()), error), check();
  field::request<field::string_body> request(field::verb::post, target, 11, body);
  request.set(field::field::host, "localhost");
  request.prepare_payload();
  field::write(socket, request, error), check();
  boost::beast::flat_buffer buffer;
  field::response<field::string_body> response;
  field::read(socket, buffer, response, error), check();
  return {static_cast<int>(response.result_int()), std::move(response.body())};
}

}  // namespace gantry::control
