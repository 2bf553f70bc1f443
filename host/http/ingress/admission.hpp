// Whether a request may come in, by its head alone, so that nobody sends a body for nothing. Pure
// but for what it asks of the route; the server's thread.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/model.hpp"
#include "http/ingress/credentials.hpp"
#include "http/ingress/paths.hpp"
#include "http/ingress/target.hpp"
#include "http/message.hpp"

namespace gantry::http {

struct Admitted {
  std::shared_ptr<RequestSource> route;
  Target target;
  std::vector<std::pair<std::string, std::string>> parameters;
  // The message headers for the handler: method, path and parameters, then the fields but for those
  // between the client and this server. What comes after the body (trailers) is none of them.
  std::vector<std::pair<std::string, std::string>> headers;
  bool expects_continue = false;
};

class Admission {
 public:
  using Head = boost::beast::http::header<true, boost::beast::http::fields>;
  struct Length {
    bool body = false;                    // there is one, or may be
    std::optional<std::uint64_t> stated;  // by Content-Length
  };

  explicit Admission(const config::Http& config);
  Paths& paths() { return paths_; }

  // Response: the answer instead; also that to OPTIONS.
  std::variant<Admitted, Response> admit(const Head& head, const Length& length) const;
  // With the body; nullopt: nothing is wrong.
  std::optional<Response> refuse(const Admitted& admitted, const std::string& body) const;

 private:
  void add_headers(const Head& head, Admitted& admitted) const;
  std::optional<Response> refuse_content(const Head& head, const Length& length,
                                         const std::string& path) const;

  const config::Http& config_;
  const Tokens tokens_;
  Paths paths_;
};

}  // namespace gantry::http
