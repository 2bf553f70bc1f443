#include "config/validate.hpp"

#include <algorithm>

#include "config/validations.hpp"

namespace gantry::config {

Problems validate_all(Config& config, const Catalog& catalog, const Checks& checks) {
  Problems problems;
  validate_host(config, checks, problems);
  validate_http_ingress(config, problems);
  validate_kafka(config, checks, problems);
  validate_topics(config, problems);
  validate_catalog(config, catalog, problems);
  validate_routes(config, problems);
  for (Route& route : config.routes) {
    validate_http_source(config, route, problems);
    validate_timeouts(config, route, problems);
    resolve_handler(config, catalog, checks, route, problems);
  }
  sort_and_unite(problems);
  return problems;
}

void validate(Config& config, const Catalog& catalog, const PropertyCheck& property) {
  Checks checks;
  checks.property = property;
  throw_if_any(validate_all(config, catalog, checks));
}

Properties consumer_properties(const Config& config, const Route& route) {
  Properties all = route.consumer;
  all.insert(config.consumer.begin(), config.consumer.end());
  all.insert(config.kafka.begin(), config.kafka.end());
  return all;
}

Properties producer_properties(const Config& config) {
  Properties all = config.producer;
  all.insert(config.kafka.begin(), config.kafka.end());
  return all;
}

std::string name_fault(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name == "." || name == "..") return "is a name that Kafka refuses";
  if (name.size() > 249) return "is longer than the 249 characters that Kafka allows";
  const bool legal = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
  return legal ? "" : "holds characters that Kafka refuses";
}

Origin at(const Config& config, const Route& route, std::string_view key) {
  std::string path = route.origin.path;
  if (!key.empty()) path += "." + std::string(key);
  return origin_of(config, path, route.origin);
}

}  // namespace gantry::config
