#include "service/crash_guard.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <utility>
#include <vector>

#include "observe/log.hpp"
#include "route/message/replayed.hpp"
#include "service/running_route.hpp"

namespace gantry::service {
namespace {

route::JournaledRoute journaled(const config::Route& route, const route::HandlerTraits& traits) {
  std::vector<std::string> topics = route.topics;
  topics.push_back(route::replay_topic(route.name));
  const auto most = traits.may_pend ? static_cast<std::size_t>(route.max_pending)
                                    : std::max<std::size_t>(traits.max_batch, 1);
  return {.name = route.name,
          .group = route.group,
          .topics = std::move(topics),
          .hands = traits.may_pend ? 1 : static_cast<std::uint32_t>(route.concurrency),
          .capacity = static_cast<std::uint32_t>(most),
          .pends = traits.may_pend};
}

}  // namespace

CrashGuard::CrashGuard(const config::Config& config, const plugin::Plugins& plugins) {
  std::vector<route::JournaledRoute> routes;
  for (const config::Route& route : config.routes)
    if (!route.http)
      routes.push_back(journaled(route, traits_of(*plugins.find(route.handler).spec, route)));
  try {
    journal_.emplace(config.state_dir / "crash.journal");
    tell(journal_->last_run());
    journal_->begin(routes);
  } catch (const std::exception& error) {
    log::warning("service",
                 "there is no crash journal: a message that crashes the process would not be found",
                 {{"reason", error.what()}});
    journal_.reset();
    return;
  }
  quarantine_.emplace(*journal_);
  watch_.emplace(*journal_);
}

void CrashGuard::tell(const route::LastRun& last) const {
  if (last.end == route::LastRun::End::unclean)
    log::warning("service", "the last run did not end cleanly; no message is suspected of it",
                 {{"in_flight", last.in_flight.size()}});
  if (last.end == route::LastRun::End::crashed)
    log::error("service", "the last run crashed",
               {{"by", last.death},
                {"in_flight", last.in_flight.size()},
                {"suspected", last.suspects.size()},
                {"crashes_in_a_row", last.crashes}});
  constexpr std::size_t kMostNamed = 20;
  for (std::size_t i = 0; i < last.suspects.size() && i < kMostNamed; ++i) {
    const auto& [message, crashes] = last.suspects[i];
    log::warning("service", "a message may have crashed the process; it is handled alone",
                 {{"group", message.group},
                  {"topic", message.topic},
                  {"partition", message.partition},
                  {"offset", message.offset},
                  {"crashes", crashes}});
  }
}

void CrashGuard::add(const config::Config& config, const plugin::Plugins& plugins,
                     const std::vector<std::string>& routes) {
  if (!journal_) return;
  std::vector<route::JournaledRoute> journaled_routes;
  for (const config::Route& route : config.routes) {
    if (std::ranges::find(routes, route.name) == routes.end()) continue;
    if (route.http)
      journal_->leave_out(route.name);  // one of that name may have read topics before
    else
      journaled_routes.push_back(
          journaled(route, traits_of(*plugins.find(route.handler).spec, route)));
  }
  journal_->add(journaled_routes);
}

void CrashGuard::fill(route::RouteParts& parts) {
  if (!quarantine_) return;
  parts.quarantine = &*quarantine_;
  parts.journal = journal_->route(parts.config.name);
}

std::uint32_t CrashGuard::owner_of(const std::string& route) const {
  const auto hands = journal_ ? journal_->route(route).hands : std::vector<route::JournalHand>{};
  return hands.empty() ? route::owner::kUnjournaled : route::owner::heir_of(hands.front().owner());
}

void CrashGuard::close() {
  watch_.reset();
  if (journal_) journal_->close();
}

}  // namespace gantry::service
