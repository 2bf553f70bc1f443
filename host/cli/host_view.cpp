#include "cli/host_view.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <stdexcept>

#include "cli/commands.hpp"
#include "config/load.hpp"
#include "http/get.hpp"

namespace gantry::cli {
namespace {

namespace json = boost::json;

std::string text(const json::object& object, const char* name) {
  return std::string(object.at(name).as_string());
}

template <typename T>
T number(const json::object& object, const char* name) {
  return json::value_to<T>(object.at(name));
}

RouteError error_of(const json::object& object) {
  RouteError error{.time = text(object, "time"),
                   .verdict = text(object, "verdict"),
                   .reason = text(object, "reason"),
                   .where = {},
                   .times = number<std::uint64_t>(object, "times")};
  if (object.contains("topic"))
    error.where = text(object, "topic") + ":" +
                  std::to_string(number<std::int64_t>(object, "partition")) + ":" +
                  std::to_string(number<std::int64_t>(object, "offset"));
  return error;
}

RouteView route_of(const json::object& object) {
  const json::object& counts = object.at("counts").as_object();
  const auto count = [&](const char* name) { return number<std::uint64_t>(counts, name); };
  RouteView route{.name = text(object, "name"),
                  .ready = object.at("ready").as_bool(),
                  .state = text(object, "state"),
                  .reason = text(object, "reason"),
                  .since = text(object, "since"),
                  .lag = {},
                  .in_flight = number<std::uint64_t>(object, "inFlight"),
                  .ready_keys = number<std::uint64_t>(object, "readyKeys"),
                  .parked_keys = number<std::uint64_t>(object, "parkedKeys"),
                  .counts = {.ok = count("ok"),
                             .failed = count("retry") + count("reject") + count("timeout"),
                             .unavailable = count("unavailable"),
                             .dead_letters = count("deadLetters")},
                  .rates = {},
                  .errors = {}};
  if (!object.at("lag").is_null()) route.lag = number<std::int64_t>(object, "lag");
  if (const json::object* rates = object.at("rates").if_object())
    route.rates = {.ok = number<double>(*rates, "ok"),
                   .failed = number<double>(*rates, "failed"),
                   .unavailable = number<double>(*rates, "unavailable")};
  if (object.at("stalled").as_bool() && route.state == "running") route.state = "stalled";
  for (const json::value& one : object.at("lastErrors").as_array())
    route.errors.push_back(error_of(one.as_object()));
  return route;
}

config::Listen address_of(const HostAddress& address) {
  if (!address.admin.empty()) return *parse_address(address.admin);
  const config::Config config = config::load(address.config);
  if (!config.admin.listen)
    throw std::runtime_error("the configuration has no [admin] listen: the host tells nothing");
  if (config.admin.listen->port == 0)
    throw std::runtime_error(
        "[admin] listen leaves the port open: take it from the host's log and write --admin");
  return *config.admin.listen;
}

}  // namespace

std::optional<config::Listen> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view address = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (address.starts_with('[') != address.ends_with(']')) return std::nullopt;
  if (address.starts_with('[')) address = address.substr(1, address.size() - 2);
  config::Listen listen{.address = std::string(address), .port = 0};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), listen.port);
  if (error != std::errc() || end != port.data() + port.size() || listen.port == 0)
    return std::nullopt;
  if (listen.address.empty() || listen.address == "localhost") listen.address = "127.0.0.1";
  return listen;
}

void add_host_options(CLI::App& command, HostAddress& address) {
  add_config_option(command, address.config);
  command
      .add_option("--admin", address.admin,
                  "The host's admin endpoint; default: [admin] listen of the configuration")
      ->type_name("ADDRESS:PORT")
      ->check([](const std::string& text) {
        return parse_address(text) ? "" : "\"" + text + "\" is no address: write 127.0.0.1:9464";
      });
}

std::string fetch_routes(const HostAddress& address) {
  const http::Response response = http::get(address_of(address), "/routes");
  if (response.status != 200)
    throw std::runtime_error("/routes is answered with status " + std::to_string(response.status));
  return response.body;
}

HostView parse_routes(const std::string& text_of_host) {
  try {
    const json::value parsed = json::parse(text_of_host);
    const json::object& object = parsed.as_object();
    HostView view{.host = text(object, "host"), .time = text(object, "time"), .routes = {}};
    for (const json::value& route : object.at("routes").as_array())
      view.routes.push_back(route_of(route.as_object()));
    return view;
  } catch (const std::exception& error) {
    throw std::runtime_error(std::string("/routes is not what a host of this version says: ") +
                             error.what());
  }
}

}  // namespace gantry::cli
