// What changes a running host: routes that are paused, and a configuration that takes the place of
// the one that runs.
#include <algorithm>
#include <chrono>
#include <map>
#include <thread>
#include <utility>

#include "config/nearest.hpp"
#include "observe/log.hpp"
#include "service/host.hpp"
#include "service/lifetime.hpp"

namespace gantry::service {
namespace {

// How long requests go on to the old one while its successor waits for its tables.
constexpr config::Milliseconds kOpening{5'000};

config::Wiring wiring_of(const Prepared& setup) {
  config::Wiring wiring{setup.config, {}};
  for (const plugin::LoadedPlugin& plugin : setup.plugins.all())
    for (const config::HandlerSpec& handler : plugin.spec.handlers)
      wiring.libraries[handler.id] = plugin.sha256;
  return wiring;
}

}  // namespace

class Host::Change {
 public:
  explicit Change(Host& host) : host_(host), lock_(host.changing_) {
    if (host.ends_) throw std::runtime_error("the host is ending");
    host.under_change_ = true;
  }
  ~Change() { host_.under_change_ = false; }
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;

 private:
  Host& host_;
  const std::lock_guard<std::mutex> lock_;
};

RunningRoute& Host::find(const std::string& name) {
  const auto route = std::ranges::find(routes_, name, [](const auto& one) { return one->name(); });
  if (route != routes_.end()) return **route;
  std::vector<std::string> names;
  for (const auto& one : routes_) names.push_back(one->name());
  throw NoSuchRoute("there is no route \"" + name + "\"; " + config::suggestion(name, names));
}

bool Host::pause(const std::string& name) {
  const Change change{*this};
  return find(name).pause();
}

void Host::resume(const std::string& name) {
  const Change change{*this};
  find(name).resume();
}

// What only a restart changes is as it was; the files were checked with what they say of it, too.
Prepared Host::read_again(std::vector<std::string>& needs_restart) const {
  const config::Config& running = config();
  Prepared next = reread_(
      [&](config::Config& config) { needs_restart = config::needs_restart(running, config); });
  if (needs_restart.empty()) return next;
  return reread_([&](config::Config& config) { config::keep_what_needs_restart(running, config); });
}

Reloaded Host::reload() {
  const Change change{*this};
  Reloaded reloaded;
  const auto next = std::make_shared<const Prepared>(read_again(reloaded.needs_restart));
  reloaded.difference = config::compare(wiring_of(*setup_), wiring_of(*next));
  const config::Difference& difference = reloaded.difference;

  std::vector<std::string> names = difference.added;
  for (const config::ChangedRoute& route : difference.changed) names.push_back(route.name);
  crashes_.add(next->config, next->plugins, names);
  std::vector<std::unique_ptr<RunningRoute>> made;
  for (const config::Route& route : next->config.routes)
    if (std::ranges::find(names, route.name) != names.end())
      made.push_back(make_route(next, route));

  // From here on nothing fails: routes wait for what they lack.
  configure_log(next->config.log);
  topics_->use(config_of(next));
  relays_->use(config_of(next));
  setup_ = next;
  exchange(difference, std::move(made));
  return reloaded;
}

// Requests go to the new ones before the old ones end, so that none is refused. Of topics the old
// consumer has committed and is closed when the new one subscribes.
void Host::exchange(const config::Difference& difference,
                    std::vector<std::unique_ptr<RunningRoute>> made) {
  std::vector<Ending> ending = put_in_place(difference, std::move(made));
  for (const Ending& one : ending) {
    one.old->mute();
    if (one.next != nullptr && one.old->paused()) one.next->pause();
  }
  start_first(ending);
  serve_requests();
  std::vector<std::thread> threads;
  threads.reserve(ending.size());
  for (Ending& one : ending) threads.emplace_back([this, &one] { replace(one); });
  for (std::thread& thread : threads) thread.join();
  for (Ending& one : ending) (one.ended ? ended_ : left_behind_).push_back(std::move(one.old));
  std::erase_if(ended_, [](const auto& route) { return route->forgotten(); });
}

// Those that are to end, and what comes in their places.
std::vector<Host::Ending> Host::put_in_place(const config::Difference& difference,
                                             std::vector<std::unique_ptr<RunningRoute>> made) {
  std::map<std::string, std::unique_ptr<RunningRoute>> before;
  for (auto& route : std::exchange(routes_, {})) before[route->name()] = std::move(route);
  std::map<std::string, std::unique_ptr<RunningRoute>> after;
  for (auto& route : made) after[route->name()] = std::move(route);
  for (const config::Route& route : config().routes)
    routes_.push_back(std::move((after.contains(route.name) ? after : before)[route.name]));

  std::vector<Ending> ending;
  for (const std::string& name : difference.removed)
    ending.push_back({std::move(before[name]), nullptr, kafka::Consumer::Leave::yes, false});
  for (const config::ChangedRoute& route : difference.changed)
    ending.push_back({std::move(before[route.name]), &find(route.name),
                      route.rejoins ? kafka::Consumer::Leave::yes : kafka::Consumer::Leave::no,
                      false});
  return ending;
}

// All that need not wait for an old one's end.
void Host::start_first(const std::vector<Ending>& ending) {
  std::vector<RunningRoute*> opening;
  for (const auto& route : routes_) {
    const auto place = std::ranges::find(ending, route.get(), &Ending::next);
    if (route->started() || (place != ending.end() && route->requests() == nullptr)) continue;
    route->start();
    opening.push_back(route.get());
  }
  const auto until = std::chrono::steady_clock::now() + kOpening;
  for (RunningRoute* route : opening)
    route->wait_until_open(std::chrono::duration_cast<config::Milliseconds>(
        std::max(until - std::chrono::steady_clock::now(), std::chrono::nanoseconds{0})));
}

void Host::replace(Ending& one) {
  if (one.old->requests() != nullptr)
    one.old->requests()->wait_until_answered(one.old->config().drain_timeout);
  const std::string name = one.old->name();
  one.ended = one.old->end(one.leave);
  if (one.next == nullptr) {
    health_.forget("route:" + name);
  } else if (!one.next->started()) {
    if (one.next->config().group == one.old->config().group) one.next->take_over(*one.old);
    one.next->start();
  }
}

}  // namespace gantry::service
