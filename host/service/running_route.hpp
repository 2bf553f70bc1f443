// One configured route at work: the plugin's handler, the delivery engine and the consumer, made
// and ended in the right order. Owned by the host; its calls come from one of the host's threads at
// a time. A thread of its own waits for what the route needs before it may consume (its topics, its
// tables) and then starts the consumer.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "config/model.hpp"
#include "http/ingress/request_source.hpp"
#include "kafka/consumer.hpp"
#include "kafka/producer.hpp"
#include "observe/health.hpp"
#include "outbox/migrations.hpp"
#include "plugin/handler.hpp"
#include "route/route.hpp"
#include "service/crash_guard.hpp"
#include "service/outbox_relays.hpp"
#include "service/prepare.hpp"
#include "service/route_board.hpp"
#include "service/route_outputs.hpp"
#include "service/topic_setup.hpp"

namespace gantry::service {

route::HandlerTraits traits_of(const config::HandlerSpec& handler, const config::Route& route);

class RunningRoute {
 public:
  // Opens the handler and makes an instance a lane; throws plugin::SetupError. `route` is one of
  // the setup's. Everything else that is passed in outlives it.
  RunningRoute(std::shared_ptr<const Prepared> setup, const config::Route& route,
               kafka::Producer& dead_letters, TopicSetup& topics, OutboxRelays& relays,
               CrashGuard& crashes, observe::Health& health, RouteBoard& board,
               std::shared_ptr<plugin::Instruments> instruments);
  // After end() has returned true and while it is forgotten(), or without start().
  ~RunningRoute();

  void start();
  bool started() const { return started_; }
  // Until it takes requests, at most until the deadline; at once where its source is topics.
  void wait_until_open(config::Milliseconds deadline);

  // Nothing new is handed to the handler until resume(). Waits for what it has, at most for the
  // route's drain_timeout; false: it still has some.
  bool pause();
  void resume();
  bool paused() const { return paused_; }

  // Before start(), of one that has ended and was a member of the same group: what it has handled
  // is not handled again, whatever became of its last commit.
  void take_over(RunningRoute& before) { engine_.take_over(before.engine_.settled()); }

  // Says nothing to health any more: another one has its name.
  void mute() { muted_ = true; }
  // Drains, commits, ends, within the route's drain_timeout and what closing costs on top. False: a
  // handler hangs; then this may never be destroyed, and the process must _exit.
  bool end(kafka::Consumer::Leave leave);
  // After that: no dead letter of it is on its way any more, so that it may be destroyed while what
  // it was given lives on.
  bool forgotten() { return engine_.forgotten(); }

  const std::string& name() const { return route_.name; }
  const config::Route& config() const { return route_; }
  // Its source where that is HTTP, else nullptr.
  const std::shared_ptr<http::RequestSource>& requests() const { return requests_; }

 private:
  route::RouteParts parts(const plugin::Plugins& plugins, CrashGuard& crashes);
  void run_starter();
  void stop_starter();
  void quiesce();
  void begin_source();          // throws
  std::string missing() const;  // what the route waits for; empty: nothing
  std::string missing_tables() const;
  route::OutRecord dead_letter_of(const route::DeadLetterJob& job);
  void send_dead_letter(const route::DeadLetterJob& job, route::RouteParts::Done done);
  void store_dead_letter(const route::DeadLetterJob& job, const std::string& refusal,
                         const route::RouteParts::Done& done);
  void report(bool ready, std::string_view state, std::string_view reason);
  RouteFacts facts();

  const std::shared_ptr<const Prepared> setup_;
  const config::Config& config_;  // of setup_
  const config::Route& route_;    // likewise
  const std::vector<outbox::DatabaseMigrations> tables_;
  kafka::Producer& dead_letters_;
  TopicSetup& topics_;
  OutboxRelays& relays_;
  observe::Health& health_;
  const std::shared_ptr<http::RequestSource> requests_;
  const std::shared_ptr<std::atomic<bool>> replays_expected_;

  RouteOutputs outputs_;
  route::Route engine_;
  plugin::BoundHandler bound_;
  std::unique_ptr<kafka::Consumer> consumer_;

  std::mutex mutex_;
  std::condition_variable changed_;  // ends_, begun_
  bool ends_ = false;
  bool begun_ = false;  // nothing is missing any more; guarded by mutex_
  bool started_ = false;
  std::atomic<bool> paused_{false};  // written with mutex_
  std::atomic<bool> muted_{false};
  std::string consumer_error_;  // guarded by mutex_
  std::thread starter_;
  RouteBoard& board_;
  std::optional<RouteBoard::Listing> listing_;  // from start() to stop()
};

}  // namespace gantry::service
