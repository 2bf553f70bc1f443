#include "http/ingress/admission.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <set>

#include "http/ingress/exchange.hpp"
#include "http/ingress/request_source.hpp"
#include "observe/log.hpp"

namespace gantry::http {
namespace {

namespace field = boost::beast::http;
using boost::beast::iequals;

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return result;
}

// Between two hops (RFC 9110, 7.6.1), or consumed here.
bool is_hop_by_hop(std::string_view name) {
  constexpr std::array<std::string_view, 9> kNames{
      "connection", "content-length",    "expect",  "keep-alive", "proxy-connection",
      "te",         "transfer-encoding", "trailer", "upgrade"};
  return std::ranges::find(kNames, name) != kNames.end();
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// "application/json", also with charset=utf-8 and with nothing else.
bool is_json(std::string_view type) {
  const auto semicolon = type.find(';');
  if (!iequals(trimmed(type.substr(0, semicolon)), "application/json")) return false;
  if (semicolon == std::string_view::npos) return true;
  const std::string_view rest = trimmed(type.substr(semicolon + 1));
  return iequals(rest, "charset=utf-8") || iequals(rest, "charset=\"utf-8\"");
}

std::string allow(const std::vector<std::string>& methods) {
  std::set<std::string> all(methods.begin(), methods.end());
  if (all.contains("GET")) all.insert("HEAD");
  all.insert("OPTIONS");
  std::string text;
  for (const std::string& method : all) text += (text.empty() ? "" : ", ") + method;
  return text;
}

Response options(const std::string& allowed) {
  Response response;
  response.status = 204;
  response.content_type.clear();
  response.fields["Allow"] = allowed;
  return response;
}

Response unauthorized(std::string_view detail) {
  Response response = problem(401, detail);
  response.fields["WWW-Authenticate"] = "Bearer";
  return response;
}

}  // namespace

Admission::Admission(const config::Http& config)
    : config_(config), tokens_(config.auth.value_or(config::HttpAuth{})) {}

std::variant<Admitted, Response> Admission::admit(const Head& head, const Length& length) const {
  if (!tokens_.empty() && tokens_.name_of(head[field::field::authorization]) == nullptr)
    return unauthorized("Send one of this server's tokens as Authorization: Bearer TOKEN.");
  const std::string_view method = head.method_string();
  if (method == "OPTIONS" && head.target() == "*") return options("OPTIONS");
  auto target = read_target(head.target());
  if (const auto* fault = std::get_if<Fault>(&target)) return problem(fault->status, fault->detail);
  Admitted admitted;
  admitted.target = std::get<Target>(std::move(target));
  const std::string& path = admitted.target.path;

  Paths::Match match = paths_.find(method, admitted.target.segments);
  if (match.methods.empty()) return problem(404, "No route has this path.", path);
  if (method == "OPTIONS") return options(allow(match.methods));
  if (match.route == nullptr) {
    Response response = problem(405, "This path has other methods: see Allow.", path);
    response.fields["Allow"] = allow(match.methods);
    return response;
  }
  if (auto refused = refuse_content(head, length, path)) return *refused;
  admitted.route = match.route;
  admitted.parameters = std::move(match.parameters);
  if (!match.route->is_open()) return not_open(*match.route, path);
  if (match.route->under_way() >= config_.limits.waiting)
    return unavailable("Too many requests wait for an answer already.", path, 0);
  admitted.expects_continue = head.version() >= 11 && head.count(field::field::expect) != 0;
  add_headers(head, admitted);
  return admitted;
}

std::optional<Response> Admission::refuse_content(const Head& head, const Length& length,
                                                  const std::string& path) const {
  const auto expect = head[field::field::expect];
  if (head.version() >= 11 && !expect.empty() && !iequals(expect, "100-continue"))
    return problem(417, "The only expectation that is met here is 100-continue.", path);
  if (!length.body) return std::nullopt;
  if (head.count(field::field::content_encoding) != 0)
    return problem(415, "Send the body without Content-Encoding.", path);
  if (!is_json(head[field::field::content_type])) {
    Response response =
        problem(415, "Send the body as Content-Type: application/json, in UTF-8.", path);
    response.fields["Accept"] = "application/json";
    return response;
  }
  if (length.stated && *length.stated > config_.limits.body_bytes)
    return problem(413,
                   "The body is larger than the " + std::to_string(config_.limits.body_bytes) +
                       " bytes that are allowed.",
                   path);
  return std::nullopt;
}

void Admission::add_headers(const Head& head, Admitted& admitted) const {
  auto& all = admitted.headers;
  all.emplace_back(":method", head.method() == field::verb::head ? "GET" : head.method_string());
  all.emplace_back(":path", admitted.target.path);
  for (const auto& [name, value] : admitted.parameters) all.emplace_back(":" + name, value);
  for (const auto& one : head) {
    std::string name = lower(one.name_string());
    const bool token = name == "authorization" && !tokens_.empty();  // this server's own secret
    if (!token && !is_hop_by_hop(name)) all.emplace_back(std::move(name), one.value());
  }
}

std::optional<Response> Admission::refuse(const Admitted& admitted, const std::string& body) const {
  if (!config_.auth) return std::nullopt;
  std::vector<std::string> subjects;
  for (const auto& [name, value] : admitted.headers) {
    if (name == config_.auth->subject_header) subjects.push_back(value);
  }
  const auto fault = fault_of_subject(*config_.auth, subjects, admitted.parameters, body);
  if (!fault) return std::nullopt;
  if (fault->status == 403)
    log::warning("http", "a request in somebody else's name was refused",
                 {{"route", admitted.route->route().name}});
  return problem(fault->status, fault->detail, admitted.target.path);
}

}  // namespace gantry::http
