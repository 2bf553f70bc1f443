// The parts of load, one a kind of table. Internal to config/.
#pragma once

#include "config/reader.hpp"

namespace gantry::config {

// name, state_dir, [kafka], [plugins], [http], [admin], [log] …: what only gantry.toml may hold.
void read_host(Reader& root, Config& config);
void read_databases(Reader& root, Config& config);
void read_http_ingress(Reader& root, Config& config);

// [[topic]], [[plugin]]
void read_topics(Reader& root, Config& config);
void read_plugins(Reader& root, Config& config);

// [[route]]: defaults is null where there is no [defaults].
void read_routes(Reader& root, Session& session, const Reader::Layer* defaults, Config& config);
// The keys that [defaults] and [[route]] share.
void read_policy(Reader& reader, Route& route);
// [defaults] by itself: so that it is checked where no route uses it, and once.
void check_defaults(Session& session, const Reader::Layer& defaults);

// "127.0.0.1:9464", "[::1]:9464", ":9464"; reports what is not.
std::optional<Listen> read_listen(Reader& reader, std::string_view key);

// "also in FILE:LINE": how a name that appears twice is told.
std::string first_at(const Origin& first);

}  // namespace gantry::config
