// How the AlertTalk API is spoken to: a route's settings, checked. Plain values; made once by each
// instance.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace notifications {

// An answer that means "sent already": an HTTP status, or a value in the answer's JSON body.
struct DuplicateCode {
  int status = 0;
  std::string pointer;  // JSON pointer (RFC 6901); empty: the status counts
  std::string value;    // text as it is, numbers and booleans as JSON writes them
};

// "409" or "/result/code=E1005". Throws std::invalid_argument that quotes the entry.
DuplicateCode parse_duplicate_code(const std::string& text);

struct AlertTalkSettings {
  std::string url;
  std::string template_code;
  std::string sender_key;  // secret
  std::chrono::milliseconds timeout{5000};
  std::string idempotency_header;
  std::string success_pointer;  // empty: any 2xx is a success
  std::vector<DuplicateCode> duplicate_codes;
  std::size_t max_in_flight = 64;
};

// Throws std::invalid_argument that names the option and what it may be.
void check(const AlertTalkSettings& settings);

}  // namespace notifications
