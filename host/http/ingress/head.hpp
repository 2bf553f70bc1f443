// Reads the head of a request as strictly as RFC 9112 allows, before any parser sees it: what two
// programs in a row could read differently (request smuggling) is refused, not repaired. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gantry::http {

// Why a request is refused. `detail` says what to do about it.
struct Fault {
  int status;
  std::string detail;
};

struct HeadEnd {
  std::size_t size = 0;        // of the whole head with its empty line; 0: more bytes are needed
  std::optional<Fault> fault;  // a byte that no head may have
};

// Looks for the end of the head in what has come so far; the first `looked` bytes are known to be
// well.
HeadEnd find_head_end(std::string_view bytes, std::size_t looked);

// `head`: from the request line to the empty line, as find_head_end() found it.
std::optional<Fault> fault_of_head(std::string_view head);

bool is_token(std::string_view text);  // RFC 9110, 5.6.2: a method or the name of a field

}  // namespace gantry::http
