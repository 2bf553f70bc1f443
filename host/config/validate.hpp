// What the values mean together and against the loaded libraries. What needs another room's library
// (librdkafka, libpq) comes in as a function, so that config/ depends on TOML alone. Start-up and
// reload, one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "config/catalog.hpp"
#include "config/problem.hpp"

namespace gantry::config {

// Which of librdkafka's clients a property is for.
enum class Client { producer, consumer, both };

struct Refusal {
  std::string message;
  std::string remedy;
};

// One property by itself. nullopt: fine.
using PropertyCheck = std::function<std::optional<Refusal>(Client client, const std::string& name,
                                                           const std::string& value)>;
// All properties of one client together. nullopt: fine.
using ClientCheck = std::function<std::optional<Refusal>(Client client, const Properties& all)>;
// Whether libpq understands a connection string. Never returns any part of it.
using DsnCheck = std::function<bool(const std::string& dsn)>;

struct Checks {
  PropertyCheck property;
  ClientCheck client;            // may be empty
  DsnCheck dsn;                  // may be empty
  bool catalog_complete = true;  // false: a library failed to load, so an unknown handler may be
                                 // its and is not reported
};

// Everything that is wrong, in order; fills in what only the catalog knows: the defaults of
// options, the connection strings of database options, the key format of outputs.
Problems validate_all(Config& config, const Catalog& catalog, const Checks& checks);

// As validate_all; throws Invalid when there is any problem.
void validate(Config& config, const Catalog& catalog, const PropertyCheck& property);

// A route's librdkafka consumer properties in force: its own over [kafka.consumer] over [kafka].
Properties consumer_properties(const Config& config, const Route& route);
Properties producer_properties(const Config& config);

}  // namespace gantry::config
