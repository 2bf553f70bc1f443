#include "service/commands.hpp"

#include <systemd/sd-daemon.h>
#include <time.h>

#include <boost/algorithm/string/join.hpp>
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "observe/log.hpp"
#include "service/host.hpp"

namespace gantry::service {
namespace {

namespace json = boost::json;
using boost::algorithm::join;
using control::Answer;

constexpr int kDone = 200;
constexpr int kNotFound = 404;
constexpr int kInvalid = 422;
constexpr int kFailed = 500;

Answer answer(int status, const json::object& body) {
  return {status, json::serialize(body) + "\n"};
}

Answer error(int status, const std::string& why) { return answer(status, {{"error", why}}); }

json::array array_of(const std::vector<std::string>& names) {
  return json::array(names.begin(), names.end());
}

json::object json_of(const Reloaded& reloaded) {
  json::array changed;
  for (const config::ChangedRoute& route : reloaded.difference.changed)
    changed.push_back({{"route", route.name}, {"what", array_of(route.what)}});
  return {{"added", array_of(reloaded.difference.added)},
          {"removed", array_of(reloaded.difference.removed)},
          {"changed", std::move(changed)},
          {"kept", array_of(reloaded.difference.kept)},
          {"needs_restart", array_of(reloaded.needs_restart)}};
}

void log_done(const Reloaded& reloaded) {
  const config::Difference& all = reloaded.difference;
  log::info("service", "reloaded",
            {{"added", join(all.added, ", ")},
             {"removed", join(all.removed, ", ")},
             {"changed", all.changed.size()},
             {"kept", all.kept.size()}});
  for (const config::ChangedRoute& route : all.changed)
    log::info("service", "route changed",
              {{"route", route.name}, {"what", join(route.what, ", ")}});
  if (!reloaded.needs_restart.empty())
    log::warning("service", "reloaded, but for what only a restart changes",
                 {{"needs_restart", join(reloaded.needs_restart, ", ")}});
}

Answer try_reload(Host& host) {
  try {
    const Reloaded reloaded = host.reload();
    log_done(reloaded);
    return answer(kDone, json_of(reloaded));
  } catch (const config::Invalid& invalid) {
    return error(kInvalid, invalid.what());
  } catch (const plugin::SetupError& setup) {
    return error(kInvalid, setup.what());
  } catch (const std::exception& failed) {
    return error(kFailed, failed.what());
  }
}

void tell_systemd_of_reload() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const long long usec = now.tv_sec * 1'000'000LL + now.tv_nsec / 1000;
  sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", usec);
}

Answer change(Host& host, const control::Command& command) {
  const std::string& route = command.body;
  if (command.path == "/pause")
    return answer(kDone, {{"route", route}, {"settled", host.pause(route)}});
  host.resume(route);
  return answer(kDone, {{"route", route}});
}

}  // namespace

Answer reload(Host& host, const std::optional<control::Peer>& by) {
  if (by)
    log::info("control", "reload asked for", {{"uid", by->uid}, {"pid", by->pid}});
  else
    log::info("service", "SIGHUP: reload asked for", {});
  tell_systemd_of_reload();
  Answer result = try_reload(host);
  sd_notify(0, "READY=1");
  if (result.status != kDone)
    log::error("service", "the reload failed; everything goes on as it was",
               {{"reason", json::parse(result.body).at("error").as_string().c_str()}});
  return result;
}

Answer execute(Host& host, const control::Command& command) {
  if (command.path == "/reload") return reload(host, command.peer);
  if (command.path != "/pause" && command.path != "/resume")
    return error(kNotFound, "there is no command " + command.path);
  log::info("control", command.path == "/pause" ? "pause asked for" : "resume asked for",
            {{"route", command.body}, {"uid", command.peer.uid}, {"pid", command.peer.pid}});
  try {
    return change(host, command);
  } catch (const NoSuchRoute& unknown) {
    return error(kNotFound, unknown.what());
  }
}

}  // namespace gantry::service
