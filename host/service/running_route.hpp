// One configured route at work: the plugin's handler, the delivery engine and the consumer, made
// and ended in the right order. Owned by the host; its calls come from the host's thread. A thread
// of its own waits for what the route needs before it may consume (its topics, its tables) and then
// starts the consumer.
#pragma once

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
#include "service/route_board.hpp"
#include "service/route_outputs.hpp"
#include "service/topic_setup.hpp"

namespace gantry::service {

route::HandlerTraits traits_of(const config::HandlerSpec& handler, const config::Route& route);

class RunningRoute {
 public:
  // Opens the handler and makes an instance a lane; throws plugin::SetupError. Everything passed in
  // outlives it. `requests`: its source where that is HTTP, else nullptr.
  RunningRoute(const config::Config& config, const config::Route& route,
               const plugin::Plugins& plugins, kafka::Producer& dead_letters, TopicSetup& topics,
               OutboxRelays& relays, CrashGuard& crashes, observe::Health& health,
               http::RequestSource* requests, RouteBoard& board,
               std::shared_ptr<plugin::Instruments> instruments);
  ~RunningRoute();

  void start();

  // The end, in two steps so that all routes share one deadline. False: a handler hangs, the
  // process must _exit.
  void quiesce();
  bool stop();

  const std::string& name() const { return route_.name; }

 private:
  route::RouteParts parts(const plugin::Plugins& plugins, CrashGuard& crashes);
  void run_starter();
  void begin_source();          // throws
  std::string missing() const;  // what the route waits for; empty: nothing
  std::string missing_tables() const;
  route::OutRecord dead_letter_of(const route::DeadLetterJob& job);
  void send_dead_letter(const route::DeadLetterJob& job, route::RouteParts::Done done);
  void store_dead_letter(const route::DeadLetterJob& job, const std::string& refusal,
                         const route::RouteParts::Done& done);
  void report(bool ready, std::string_view state, std::string_view reason);
  RouteFacts facts();

  const config::Config& config_;
  const config::Route& route_;
  const std::vector<outbox::DatabaseMigrations> tables_;
  kafka::Producer& dead_letters_;
  TopicSetup& topics_;
  OutboxRelays& relays_;
  observe::Health& health_;
  http::RequestSource* const requests_;

  RouteOutputs outputs_;
  route::Route engine_;
  plugin::BoundHandler bound_;
  std::unique_ptr<kafka::Consumer> consumer_;

  std::mutex mutex_;
  std::condition_variable ends_changed_;
  bool ends_ = false;
  std::string consumer_error_;  // guarded by mutex_
  std::thread starter_;
  RouteBoard& board_;
  std::optional<RouteBoard::Listing> listing_;  // from start() to stop()
};

}  // namespace gantry::service
