#include "http/ingress/exchange.hpp"

#include <algorithm>

#include "http/ingress/answers.hpp"
#include "http/ingress/request_source.hpp"

namespace gantry::http {
namespace {

constexpr std::uint32_t kPausedRetryMs = 10'000;  // somebody has to let it go on

Exchange& of(void* fetched) { return *static_cast<Exchange*>(fetched); }

void give_back(std::span<void* const> fetched) {
  const std::shared_ptr<Answers> answers = of(fetched.front()).answers;
  std::vector<std::shared_ptr<Exchange>> over;
  over.reserve(fetched.size());
  for (void* const one : fetched) over.push_back(std::move(of(one).held));
  answers->put(std::move(over));
}

std::string with_reason(std::string_view text, const std::string& reason) {
  return std::string(text) + (reason.empty() ? "." : ": " + reason);
}

Response refusal(const route::DeadLetterJob& job, const std::string& path) {
  const route::Outcome& outcome = job.outcome;
  if (job.cause == route::DeadLetterCause::rejected)
    return problem(422, outcome.reason.empty() ? "The request is not valid." : outcome.reason,
                   path);
  // Sending the request again would change nothing: what follows from it can't be written.
  if (job.cause == route::DeadLetterCause::send_failed)
    return problem(
        500, with_reason("What follows from the request can't be published", outcome.reason), path);
  if (job.cause == route::DeadLetterCause::unavailable)
    return unavailable(with_reason("Something that is needed here is down", outcome.reason), path,
                       outcome.retry_after_ms);
  return unavailable(with_reason("The request could not be handled now", outcome.reason), path,
                     outcome.retry_after_ms);
}

}  // namespace

route::HttpReply to_reply(Response response) {
  route::HttpReply reply{response.status, std::move(response.content_type), {}, {}};
  reply.body = std::move(response.body);
  for (auto& field : response.fields) reply.fields.emplace_back(field);
  return reply;
}

Response unavailable(std::string_view detail, std::string_view path, std::uint32_t retry_after_ms) {
  Response response = problem(503, detail, path);
  response.fields["Retry-After"] = std::to_string(std::max(1u, (retry_after_ms + 999) / 1000));
  return response;
}

Response not_open(const RequestSource& route, std::string_view path) {
  const std::string name = "Route \"" + route.route().name + "\" is ";
  if (route.paused()) return unavailable(name + "paused.", path, kPausedRetryMs);
  return unavailable(name + "not running now.", path, 0);
}

void release_request(void* fetched) {
  Exchange& exchange = of(fetched);
  if (!exchange.refused)
    exchange.reply = to_reply(unavailable(
        "The route stopped before the request was handled. Send it again.", exchange.path, 0));
  give_back({&fetched, 1});
}

void complete_requests(std::span<void* const> fetched) { give_back(fetched); }

void store_reply(void* fetched, route::HttpReply& reply) { std::swap(of(fetched).reply, reply); }

void refuse_request(const route::DeadLetterJob& job, const route::RouteParts::Done& done) {
  // A handler that kept a request beyond its time keeps its memory too: the client has its answer.
  if (job.delivery->fetched != nullptr) {
    Exchange& exchange = of(job.delivery->fetched);
    exchange.reply = to_reply(refusal(job, exchange.path));
    exchange.refused = true;
  }
  done(true, {});
}

}  // namespace gantry::http
