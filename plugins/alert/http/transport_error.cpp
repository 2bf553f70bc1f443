#include "transport_error.hpp"

#include <string>

namespace notifications {
namespace {

using outcome::Failure;
using outcome::Remedy;

Failure unavailable(const std::string& what, const std::string& error_class) {
  return {Remedy::unavailable, "AlertTalk: " + what, error_class};
}

}  // namespace

Failure transport_failure(CURLcode error, bool was_sent) {
  switch (error) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return unavailable("the host name of `url` was not resolved", "http.dns");
    case CURLE_COULDNT_CONNECT:
      return unavailable("no connection, refused or unreachable", "http.connect");
    case CURLE_OPERATION_TIMEDOUT:
      if (!was_sent) return unavailable("no connection within timeout_ms", "http.connect_timeout");
      return {Remedy::retry, "AlertTalk: no answer within timeout_ms", "http.timeout"};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return unavailable("TLS failed: " + std::string(curl_easy_strerror(error)), "http.tls");
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return unavailable("the connection ended before the answer", "http.reset");
    default:
      return {Remedy::retry, "AlertTalk: " + std::string(curl_easy_strerror(error)), "http.client"};
  }
}

}  // namespace notifications
