#include "service/running_route.hpp"

#include <algorithm>
#include <chrono>
#include <future>

#include "observe/log.hpp"
#include "plugin/http_replies.hpp"
#include "plugin/outbox_rows.hpp"
#include "plugin/publishing.hpp"
#include "route/message/dead_letter.hpp"
#include "route/message/trace.hpp"

namespace gantry::service {
namespace {

constexpr std::chrono::seconds kLookAgain{1};
constexpr config::Milliseconds kDrainReturns{500};  // after its deadline

std::int64_t now_ms() {  // since 1970 UTC
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<config::Milliseconds>(now).count();
}

bool uses_outbox(const config::HandlerSpec& handler) {
  return (handler.flags & GANTRY_USES_OUTBOX) != 0;
}

plugin::Extensions extensions_of(const config::Route& route, const config::HandlerSpec& handler) {
  plugin::Extensions extensions;
  if (route.http) extensions[GANTRY_HTTP_V1] = &plugin::http_replies();
  if (uses_outbox(handler)) extensions[GANTRY_OUTBOX_V1] = &plugin::outbox_rows();
  extensions[GANTRY_PUBLISH_V1] = &plugin::publishing();
  extensions[GANTRY_METRICS_V1] = &plugin::metrics();
  return extensions;
}

}  // namespace

route::HandlerTraits traits_of(const config::HandlerSpec& handler, const config::Route& route) {
  return {.max_batch =
              std::min<std::size_t>(handler.max_batch, static_cast<std::size_t>(route.max_batch)),
          .may_pend = (handler.flags & GANTRY_MAY_PEND) != 0,
          .orders_within_batch = (handler.flags & GANTRY_ORDERS_WITHIN_BATCH) != 0,
          .reads_headers = (handler.flags & GANTRY_READS_NO_HEADERS) == 0};
}

RunningRoute::RunningRoute(std::shared_ptr<const Prepared> setup, const config::Route& route,
                           kafka::Producer& dead_letters, TopicSetup& topics, OutboxRelays& relays,
                           CrashGuard& crashes, observe::Health& health, RouteBoard& board,
                           std::shared_ptr<plugin::Instruments> instruments)
    : setup_(std::move(setup)),
      config_(setup_->config),
      route_(route),
      tables_(outbox::migrations_of(route, setup_->plugins.catalog())),
      dead_letters_(dead_letters),
      topics_(topics),
      relays_(relays),
      health_(health),
      requests_(route.http ? std::make_shared<http::RequestSource>(route) : nullptr),
      replays_expected_(route.http ? nullptr : std::make_shared<std::atomic<bool>>(false)),
      outputs_(config_, route),
      engine_(parts(setup_->plugins, crashes)),
      bound_(
          setup_->plugins.find(route.handler), route, engine_,
          extensions_of(route, *setup_->plugins.find(route.handler).spec),
          uses_outbox(*setup_->plugins.find(route.handler).spec) ? relays.bell_of(route) : nullptr,
          std::move(instruments)),
      board_(board) {
  for (int lane = 0; lane < route.concurrency; ++lane) engine_.add_lane(bound_.create());
}

RunningRoute::~RunningRoute() {
  muted_ = true;
  if (!started_) engine_.stop(config::Milliseconds{0});
  outputs_.close();
}

route::RouteParts RunningRoute::parts(const plugin::Plugins& plugins, CrashGuard& crashes) {
  route::RouteParts parts;
  parts.config = route_;
  parts.traits = traits_of(*plugins.find(route_.handler).spec, route_);
  parts.report = [this](bool ready, std::string_view state, std::string_view reason) {
    report(ready, state, reason);
  };
  crashes.fill(parts);
  parts.outputs = &outputs_;
  if (requests_ != nullptr) {
    http::RequestSource::fill(parts);
    return parts;
  }
  parts.release = kafka::release_fetched;
  parts.send_dead_letter = [this](const route::DeadLetterJob& job, route::RouteParts::Done done) {
    send_dead_letter(job, std::move(done));
  };
  return parts;
}

void RunningRoute::start() {
  started_ = true;
  listing_.emplace(board_, [this] { return facts(); });
  engine_.start();
  if (requests_ == nullptr)
    dead_letters_.partition_count(route_.dead_letter.topic);  // makes it known before it is needed
  starter_ = std::thread{&RunningRoute::run_starter, this};
}

void RunningRoute::run_starter() {
  std::unique_lock lock{mutex_};
  while (!ends_) {
    lock.unlock();
    std::string waits_for = missing();
    if (waits_for.empty()) {
      try {
        begin_source();
        return;
      } catch (const std::exception& error) {
        consumer_.reset();
        topics_.give_back(route_.name);
        waits_for = error.what();
      }
    }
    {
      const std::lock_guard guard{mutex_};
      consumer_error_ = waits_for;
    }
    lock.lock();
    changed_.wait_for(lock, kLookAgain, [this] { return ends_; });
  }
}

void RunningRoute::begin_source() {
  if (requests_ != nullptr) {
    const std::lock_guard guard{mutex_};
    begun_ = true;
    changed_.notify_all();
    if (!paused_) requests_->open(engine_);
    return;
  }
  consumer_ = std::make_unique<kafka::Consumer>(
      config_, engine_, topics_.prefetch(route_),
      [this](std::string_view reason) {
        const std::lock_guard guard{mutex_};
        consumer_error_ = reason;
      },
      replays_expected_);
  {
    const std::lock_guard guard{mutex_};
    consumer_error_ = "joining the consumer group";  // until it says what keeps it from that
  }
  consumer_->start();
}

std::string RunningRoute::missing() const {
  if (requests_ != nullptr) return missing_tables();
  std::string topics = topics_.missing(route_.topics);
  return topics.empty() ? missing_tables() : topics;
}

std::string RunningRoute::missing_tables() const {
  for (const outbox::DatabaseMigrations& needed : tables_) {
    try {
      std::string names;
      for (const auto& one : outbox::missing_migrations(needed.dsn, needed.migrations))
        names += (names.empty() ? "" : ", ") + outbox::named(one);
      if (!names.empty())
        return "database \"" + needed.database + "\" lacks " + names + "; run `gantry db apply`";
    } catch (const std::exception& error) {
      return "database \"" + needed.database + "\": " + error.what();
    }
  }
  return {};
}

void RunningRoute::send_dead_letter(const route::DeadLetterJob& job, route::RouteParts::Done done) {
  const gantry_message& message = job.delivery->message;
  std::vector<log::Field> fields{
      {"route", route_.name},
      {"topic", std::string_view{message.topic.data, message.topic.size}},
      {"partition", message.partition},
      {"offset", message.offset}};
  const bool of_output = job.record != nullptr;
  if (of_output) {
    fields.emplace_back("output_topic", job.record->record.topic);
  } else {
    fields.emplace_back("cause", route::cause_name(job.cause));
    fields.emplace_back("attempts", job.delivery->attempts);
  }
  fields.emplace_back("error", job.outcome.reason);
  const auto trace = route::trace_id({job.delivery->headers.data(), job.delivery->headers.size()});
  if (!trace.empty()) fields.emplace_back("trace", trace);
  log::write(
      log::Level::warning, "route",
      of_output ? "a record that the brokers refuse for good becomes a dead letter" : "dead letter",
      std::span<const log::Field>(fields));
  // `done` keeps the job alive.
  dead_letters_.publish(dead_letter_of(job),
                        [this, &job, done = std::move(done)](const route::PublishResult& r) {
                          if (r.status == route::PublishStatus::acknowledged) return done(true, {});
                          store_dead_letter(job, r.error, done);
                        });
}

// Its topic does not take it: by way of the outbox, so that the route need not wait for it.
void RunningRoute::store_dead_letter(const route::DeadLetterJob& job, const std::string& refusal,
                                     const route::RouteParts::Done& done) {
  relays_.store(route_.name, dead_letter_of(job),
                [this, refusal, done](bool stored, const std::string& error) {
                  if (stored)
                    log::warning("route", "a dead letter goes by way of gantry_outbox",
                                 {{"route", route_.name}, {"error", refusal}});
                  else
                    log::debug("route", "a dead letter can't be stored in gantry_outbox",
                               {{"route", route_.name}, {"error", error}});
                  done(stored, refusal);
                });
}

route::OutRecord RunningRoute::dead_letter_of(const route::DeadLetterJob& job) {
  route::DeadLetterReason reason{.cause = job.cause,
                                 .route = route_.name,
                                 .group = route_.group,
                                 .error = job.outcome.reason,
                                 .error_class = job.outcome.error_class,
                                 .attempts = job.delivery->attempts,
                                 .timestamp_type = job.delivery->timestamp_type};
  if (job.record == nullptr)
    return route::make_dead_letter(job.delivery->message, reason, route_.dead_letter,
                                   dead_letters_.partition_count(route_.dead_letter.topic));
  reason.attempts = 1;
  reason.timestamp_type = route::TimestampType::create_time;
  return route::make_dead_letter(job.record->record, now_ms(), reason, route_.dead_letter);
}

void RunningRoute::report(bool ready, std::string_view state, std::string_view reason) {
  if (muted_) return;
  std::string why{reason};
  if (state == "waiting") {  // the engine only knows that nothing is assigned
    const std::lock_guard guard{mutex_};
    if (!consumer_error_.empty()) why = consumer_error_;
  }
  health_.report("route:" + route_.name, ready, state, why);
}

RouteFacts RunningRoute::facts() {
  RouteFacts facts{.name = route_.name,
                   .handler = route_.handler,
                   .source = {},
                   .group = requests_ == nullptr ? route_.group : "",
                   .stall_after = route_.stall_after,
                   .paused = paused_,
                   .numbers = engine_.numbers(),
                   .misbehaviour = bound_.misbehaviour().counts(),
                   .replays_expected = replays_expected_};
  if (route_.http) facts.source = route_.http->method + " " + route_.http->path;
  for (const std::string& topic : route_.topics)
    facts.source += (facts.source.empty() ? "" : ", ") + topic;
  return facts;
}

void RunningRoute::wait_until_open(config::Milliseconds deadline) {
  if (requests_ == nullptr) return;
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, deadline, [this] { return begun_; });
}

bool RunningRoute::pause() {
  bool open = false;
  {
    const std::lock_guard guard{mutex_};
    open = begun_ && !paused_ && requests_ != nullptr;
    paused_ = true;
  }
  if (requests_ != nullptr) requests_->set_paused(true);
  engine_.pause(config::Milliseconds{0});
  // Clients do not wait for what is not handled now, so that their requests are given back.
  if (open) requests_->close(route_.drain_timeout);
  return engine_.pause(open ? config::Milliseconds{0} : route_.drain_timeout);
}

void RunningRoute::resume() {
  engine_.resume();
  const std::lock_guard guard{mutex_};
  if (!paused_) return;
  paused_ = false;
  if (requests_ == nullptr) return;
  requests_->set_paused(false);
  if (begun_) requests_->open(engine_);
}

void RunningRoute::stop_starter() {
  {
    const std::lock_guard guard{mutex_};
    ends_ = true;
  }
  changed_.notify_all();
  if (starter_.joinable()) starter_.join();
}

// The plugin's drain() may never return: then it is left alone.
void RunningRoute::quiesce() {
  const auto quiet = std::make_shared<std::promise<void>>();
  std::thread quiescing{[this, quiet] {
    engine_.quiesce(route_.drain_timeout);
    quiet->set_value();
  }};
  if (quiet->get_future().wait_for(route_.drain_timeout + kDrainReturns) ==
      std::future_status::ready)
    quiescing.join();
  else
    quiescing.detach();
}

bool RunningRoute::end(kafka::Consumer::Leave leave) {
  stop_starter();
  quiesce();
  if (requests_ != nullptr) requests_->close(route_.drain_timeout);
  if (consumer_ != nullptr) consumer_->stop(leave);
  topics_.give_back(route_.name);
  listing_.reset();
  const bool ended = engine_.stop(config::Milliseconds{500});
  if (!ended && consumer_ != nullptr) consumer_->abandon();
  return ended;
}

}  // namespace gantry::service
