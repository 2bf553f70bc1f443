// One request from its last byte until its answer: what the handler sees, and what the client gets.
// Made by the server's thread. From RequestSource::offer() on the route holds it, and only the
// functions below touch it, until it comes back through Answers; nothing is copied on the way.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"
#include "route/message/handler.hpp"
#include "route/route.hpp"

namespace gantry::http {

class Answers;
class RequestSource;
class Session;

struct Exchange {
  // ---- the request
  std::vector<std::pair<std::string, std::string>> fields;  // the message's headers, in its order
  std::string path;                                         // as sent
  std::string body;
  std::string key;
  bool has_key = false;
  std::int64_t arrived_ms = 0;  // since 1970 UTC

  // ---- where the answer goes
  std::shared_ptr<Answers> answers;
  std::weak_ptr<Session> session;
  std::shared_ptr<RequestSource> source;

  // ---- the answer
  route::HttpReply reply;  // of the handler; a problem once it is refused
  bool refused = false;
  std::size_t bytes = 0;  // of the body, as Connections counts it

  std::shared_ptr<Exchange> held;  // itself, while the route has it
};

// ---- what a route does with an exchange (route::RouteParts); any thread

// Sends its answer: a refusal, or 503 where the route gives it up without a verdict.
void release_request(void* fetched);
// Sends what the handler replied; where it did not, 200 without a body.
void complete_requests(std::span<void* const> fetched);
void store_reply(void* fetched, route::HttpReply& reply);
// In place of a dead letter: 422 with the reason for what is rejected, 500 where a record that was
// published for it is refused for good, else 503 with Retry-After.
void refuse_request(const route::DeadLetterJob& job, const route::RouteParts::Done& done);

route::HttpReply to_reply(Response response);
// What a route that takes nothing now says.
Response not_open(const RequestSource& route, std::string_view path);
Response unavailable(std::string_view detail, std::string_view path, std::uint32_t retry_after_ms);

}  // namespace gantry::http
