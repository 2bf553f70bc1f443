#include "http/ingress/credentials.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <boost/beast/core/string.hpp>

namespace gantry::http {
namespace {

std::array<unsigned char, 32> digest_of(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

constexpr std::string_view kScheme = "bearer ";

}  // namespace

Tokens::Tokens(const config::HttpAuth& auth) {
  for (const auto& [name, token] : auth.tokens) known_.emplace_back(name, digest_of(token));
}

const std::string* Tokens::name_of(std::string_view authorization) const {
  if (!boost::beast::iequals(authorization.substr(0, kScheme.size()), kScheme)) return nullptr;
  authorization.remove_prefix(kScheme.size());
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  const Digest digest = digest_of(authorization);
  const std::string* name = nullptr;
  for (const auto& [known_name, known] : known_) {
    if (CRYPTO_memcmp(known.data(), digest.data(), digest.size()) == 0) name = &known_name;
  }
  return name;
}

std::optional<Fault> fault_of_subject(
    const config::HttpAuth& auth, const std::vector<std::string>& headers,
    const std::vector<std::pair<std::string, std::string>>& parameters, std::string_view body) {
  if (auth.subject_header.empty()) return std::nullopt;
  if (headers.size() != 1)
    return Fault{403, "The proxy in front has to send " + auth.subject_header + " exactly once."};
  const Subject subject = subject_of(auth.subject_field, parameters, body);
  if (subject.fault) return subject.fault;
  bool same = !subject.said.empty();
  for (const std::string& said : subject.said) same = same && said == headers.front();
  if (same) return std::nullopt;
  return Fault{403, auth.subject_field + " is not whom the request comes from."};
}

}  // namespace gantry::http
