// Who may send requests: bearer tokens, and the subject that a proxy in front vouches for. Pure;
// the server's thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/model.hpp"
#include "http/ingress/head.hpp"

namespace gantry::http {

class Tokens {
 public:
  explicit Tokens(const config::HttpAuth& auth);
  bool empty() const { return known_.empty(); }
  // The name of the token in an Authorization field; nullptr: it has none of them. Takes as long
  // for any other token, so that none can be guessed byte by byte.
  const std::string* name_of(std::string_view authorization) const;

 private:
  using Digest = std::array<unsigned char, 32>;
  std::vector<std::pair<std::string, Digest>> known_;
};

// What the request says of `field`: a path parameter, and a field at the top of a JSON body.
// `body` may be empty. Fault: the body is not JSON, or says it twice.
struct Subject {
  std::optional<Fault> fault;
  std::vector<std::string> said;  // integers as decimal text
};
Subject subject_of(std::string_view field,
                   const std::vector<std::pair<std::string, std::string>>& parameters,
                   std::string_view body);

// nullopt: the subject that the trusted header names is the request's own. `headers`: the values of
// that header.
std::optional<Fault> fault_of_subject(
    const config::HttpAuth& auth, const std::vector<std::string>& headers,
    const std::vector<std::pair<std::string, std::string>>& parameters, std::string_view body);

}  // namespace gantry::http
