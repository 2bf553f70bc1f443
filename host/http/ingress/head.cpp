#include "http/ingress/head.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>

namespace gantry::http {
namespace {

constexpr std::size_t kMostFields = 100;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<Fault> bad(std::string detail) { return Fault{400, std::move(detail)}; }

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The fields that decide where a message ends or whom it is for: once, and without a doubt.
struct Seen {
  int host = 0, content_length = 0, transfer_encoding = 0, content_type = 0, authorization = 0,
      expect = 0;
};

std::optional<Fault> fault_of_line(std::string_view line, bool& http_11) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || line.find(' ', first + 1) != last)
    return bad("The request line is not METHOD, target and version with one space between them.");
  const std::string_view version = line.substr(last + 1);
  if (!is_token(line.substr(0, first))) return bad("The method is not a token.");
  const bool form = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                    version[6] == '.' && is_digit(version[7]);
  if (!form) return bad("The request line does not end in HTTP/1.1.");
  http_11 = version == "HTTP/1.1";
  if (!http_11 && version != "HTTP/1.0")
    return Fault{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
  return std::nullopt;
}

std::optional<Fault> fault_of_length(std::string_view value) {
  const bool digits =
      !value.empty() && value.size() <= 18 && std::all_of(value.begin(), value.end(), is_digit);
  if (!digits) return bad("Content-Length is not one decimal number.");
  return std::nullopt;
}

std::optional<Fault> count_field(std::string_view name, std::string_view value, Seen& seen) {
  const auto is = [name](std::string_view other) { return boost::beast::iequals(name, other); };
  if (is("host")) ++seen.host;
  if (is("content-type")) ++seen.content_type;
  if (is("authorization")) ++seen.authorization;
  if (is("expect")) ++seen.expect;
  if (is("content-length")) {
    ++seen.content_length;
    return fault_of_length(value);
  }
  if (is("transfer-encoding")) {
    ++seen.transfer_encoding;
    if (!boost::beast::iequals(value, "chunked"))
      return Fault{501, "The only transfer coding that is understood here is chunked."};
  }
  return std::nullopt;
}

std::optional<Fault> fault_of_field(std::string_view line, Seen& seen) {
  if (line.front() == ' ' || line.front() == '\t')
    return bad("A field that goes on in a second line is not allowed.");
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return bad("A field is not a name, a colon and a value, without a space before the colon.");
  return count_field(line.substr(0, colon), trimmed(line.substr(colon + 1)), seen);
}

std::optional<Fault> fault_of_counts(const Seen& seen, bool http_11) {
  if (seen.content_length > 1) return bad("Content-Length is there more than once.");
  if (seen.transfer_encoding > 1) return bad("Transfer-Encoding is there more than once.");
  if (seen.transfer_encoding == 1 && seen.content_length == 1)
    return bad("Content-Length and Transfer-Encoding contradict each other.");
  if (seen.transfer_encoding == 1 && !http_11)
    return bad("HTTP/1.0 has no Transfer-Encoding: send Content-Length.");
  if (seen.host > 1 || (http_11 && seen.host == 0))
    return bad("An HTTP/1.1 request has exactly one Host field.");
  if (seen.content_type > 1) return bad("Content-Type is there more than once.");
  if (seen.authorization > 1) return bad("Authorization is there more than once.");
  if (seen.expect > 1) return bad("Expect is there more than once.");
  return std::nullopt;
}

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

HeadEnd find_head_end(std::string_view bytes, std::size_t looked) {
  // The last byte once more: it may be a CR whose LF had not come.
  for (std::size_t i = looked == 0 ? 0 : looked - 1; i < bytes.size(); ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    if (c >= 0x20 && c != 0x7f) continue;
    if (c == '\t') continue;
    if (c == '\n' && i > 0 && bytes[i - 1] == '\r') {
      if (i >= 3 && bytes.substr(i - 3, 4) == "\r\n\r\n") return {i + 1, {}};
      continue;
    }
    if (c == '\n') return {0, bad("A line ends in LF without CR.")};
    if (c != '\r') return {0, bad("The head holds a control character.")};
    if (i + 1 < bytes.size() && bytes[i + 1] != '\n')
      return {0, bad("A CR stands where no line ends.")};
  }
  return {};
}

std::optional<Fault> fault_of_head(std::string_view head) {
  Seen seen;
  bool http_11 = true;
  std::size_t fields = 0;
  for (bool first = true; !head.starts_with("\r\n"); first = false) {
    const auto end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    const auto fault = first ? fault_of_line(line, http_11) : fault_of_field(line, seen);
    if (fault) return fault;
    if (!first && ++fields > kMostFields)
      return Fault{431, "There are more than " + std::to_string(kMostFields) + " fields."};
  }
  return fault_of_counts(seen, http_11);
}

}  // namespace gantry::http
