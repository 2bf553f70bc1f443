// [http]: that nobody serves requests of strangers without having said so.
#include <algorithm>

#include "config/validations.hpp"

namespace gantry::config {
namespace {

constexpr std::size_t kLeastToken = 16;

bool is_loopback(const std::string& address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

bool is_token_text(const std::string& token) {
  return std::ranges::all_of(token, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

bool is_field_name(const std::string& name) {
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

void validate_tokens(const Config& config, const HttpAuth& auth, Problems& problems) {
  for (const auto& [name, token] : auth.tokens) {
    const Origin where = origin_of(config, joined("http.auth.tokens", name));
    if (token.size() < kLeastToken) {
      problems.push_back({where, "is shorter than " + std::to_string(kLeastToken) + " characters",
                          "make one that can not be guessed: openssl rand -hex 32"});
    } else if (!is_token_text(token)) {
      problems.push_back({where, "holds a blank or a character that is not ASCII",
                          "make one without: openssl rand -hex 32"});
    }
  }
}

void validate_subject(const Config& config, const HttpAuth& auth, Problems& problems) {
  if (auth.subject_header.empty() != auth.subject_field.empty()) {
    const bool header = auth.subject_header.empty();
    problems.push_back({origin_of(config, "http.auth"),
                        header ? "subject_field has no subject_header to be equal to"
                               : "subject_header has no subject_field to be equal to",
                        "write both, for example subject_header = \"X-User-Id\" and "
                        "subject_field = \"userId\""});
  }
  if (!is_field_name(auth.subject_header))
    problems.push_back({origin_of(config, "http.auth.subject_header"),
                        "\"" + auth.subject_header + "\" is not the name of a field",
                        "write for example \"X-User-Id\""});
}

}  // namespace

void validate_http_ingress(const Config& config, Problems& problems) {
  if (!config.http) return;
  const Http& http = *config.http;
  if (http.auth) {
    if (http.auth->tokens.empty() && http.auth->subject_header.empty())
      problems.push_back({origin_of(config, "http.auth"), "neither tokens nor a subject are named",
                          "write tokens = { NAME = \"${credential:NAME}\" }"});
    validate_tokens(config, *http.auth, problems);
    validate_subject(config, *http.auth, problems);
  }
  const bool guarded = http.auth && !http.auth->tokens.empty();
  if (!guarded && !http.open_to_all && !is_loopback(http.listen.address))
    problems.push_back({origin_of(config, "http.listen"),
                        "\"" + http.listen.address +
                            "\" can be reached from other machines, and everybody there could "
                            "send requests",
                        "add [http.auth] with tokens, or write auth = \"none\" if that is meant"});
}

}  // namespace gantry::config
