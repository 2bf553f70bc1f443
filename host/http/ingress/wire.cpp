#include "http/ingress/wire.hpp"

#include <boost/beast/http/status.hpp>
#include <ostream>  // which status.hpp uses and does not include

namespace gantry::http {
namespace {

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7), made once a second.
const std::string& http_date(std::time_t now) {
  thread_local std::time_t made = -1;
  thread_local std::string text;
  if (made == now) return text;
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm time{};
  gmtime_r(&now, &time);
  char rest[32];
  std::strftime(rest, sizeof rest, "%Y %H:%M:%S GMT", &time);
  char day[8];
  std::strftime(day, sizeof day, "%d", &time);
  text = std::string(kDays[time.tm_wday]) + ", " + day + " " + kMonths[time.tm_mon] + " " + rest;
  made = now;
  return text;
}

void add(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

bool has_body(int status) { return status != 204 && status != 304; }

std::string answer_head(const route::HttpReply& reply, const AnswerForm& form, std::time_t now) {
  const auto reason = boost::beast::http::obsolete_reason(
      boost::beast::http::int_to_status(static_cast<unsigned>(reply.status)));
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " ";
  head.append(reason.data(), reason.size()).append("\r\n");
  add(head, "Date", http_date(now));
  if (has_body(reply.status)) {
    if (!reply.body.empty() && !reply.content_type.empty())
      add(head, "Content-Type", reply.content_type);
    add(head, "Content-Length", std::to_string(reply.body.size()));
  }
  for (const auto& [name, value] : reply.fields) add(head, name, value);
  if (!form.keep_alive)
    add(head, "Connection", "close");
  else if (form.http_10)
    add(head, "Connection", "keep-alive");
  return head += "\r\n";
}

}  // namespace gantry::http
