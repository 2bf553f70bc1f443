// What this process keeps against messages that crash it: the journal, the watch that marks it and
// the quarantine of those that the last run died of. Made before the routes, ended after them.
// Without a journal (a state directory that another process uses, a full disk) the host works all
// the same and says so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "plugin/plugins.hpp"
#include "route/route.hpp"
#include "service/crash_watch.hpp"

namespace gantry::service {

class CrashGuard {
 public:
  CrashGuard(const config::Config& config, const plugin::Plugins& plugins);
  void fill(route::RouteParts& parts);
  // Routes that come later, also in place of one of the same name. Before fill() of any of them.
  void add(const config::Config& config, const plugin::Plugins& plugins,
           const std::vector<std::string>& routes);
  // Whom the threads work for that a plugin makes while the instances of this route are made.
  std::uint32_t owner_of(const std::string& route) const;
  // A clean end: nobody is suspected of anything.
  void close();

 private:
  void tell(const route::LastRun& last) const;

  std::optional<route::CrashJournal> journal_;
  std::optional<route::Quarantine> quarantine_;
  std::optional<CrashWatch> watch_;
};

}  // namespace gantry::service
