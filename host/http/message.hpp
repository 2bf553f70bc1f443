// A request and its answer as plain values, so that who answers needs to know nothing of
// Boost.Beast. No threads.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace gantry::http {

struct Request {
  std::string method;  // "GET" or "HEAD"
  std::string path;    // as sent, not percent-decoded, without the query
  std::string query;   // after "?", as sent
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::map<std::string, std::string> fields;  // further header fields
};

// Called on the server's thread: must answer from memory, at once. What it throws becomes a 500.
using Handler = std::function<Response(const Request&)>;
using Endpoints = std::map<std::string, Handler>;  // by path, "/healthz"

// An error as a JSON problem (RFC 9457). `detail` says what to do; `instance` is the path it is
// about, as sent.
Response problem(int status, std::string_view detail, std::string_view instance = {});

}  // namespace gantry::http
