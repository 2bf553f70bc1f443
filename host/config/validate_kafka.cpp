// [kafka], [kafka.producer], [kafka.consumer] and the routes' own consumer properties.
#include <charconv>

#include "config/validations.hpp"

namespace gantry::config {
namespace {

// librdkafka's texts quote the value; what came from a credential is not for the screen.
void hide(std::string& text, const std::string& value) {
  if (value.empty()) return;
  for (std::size_t at = text.find(value); at != std::string::npos; at = text.find(value, at + 8)) {
    text.replace(at, value.size(), "(hidden)");
  }
}

class KafkaValidation {
 public:
  KafkaValidation(const Config& config, const Checks& checks, Problems& problems)
      : config_(config), checks_(checks), problems_(problems) {}

  // False when any property is refused.
  bool each(Client client, const std::string& path, const Properties& properties,
            const Origin& otherwise = {}) {
    bool fine = true;
    for (const auto& [name, value] : properties) {
      auto refusal = checks_.property(client, name, value);
      if (!refusal) continue;
      fine = false;
      const std::string full = joined(path, name);
      if (config_.hidden.contains(full)) hide(refusal->message, value);
      problems_.push_back({origin_of(config_, full, otherwise), refusal->message, refusal->remedy});
    }
    return fine;
  }

  void together(Client client, const std::string& path, const Properties& properties,
                const Origin& otherwise = {}) {
    if (!checks_.client) return;
    auto refusal = checks_.client(client, properties);
    if (!refusal) return;
    for (const auto& [name, value] : properties) {
      if (hidden_anywhere(name)) hide(refusal->message, value);
    }
    problems_.push_back({origin_of(config_, path, otherwise), refusal->message, refusal->remedy});
  }

 private:
  bool hidden_anywhere(const std::string& name) const {
    for (const std::string& path : config_.hidden) {
      if (path.ends_with(joined("", name))) return true;
    }
    return false;
  }

  const Config& config_;
  const Checks& checks_;
  Problems& problems_;
};

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

// HOST, HOST:PORT, [v6]:PORT or PROTOCOL://HOST:PORT
bool is_broker(std::string_view broker) {
  const std::size_t scheme = broker.find("://");
  if (scheme != std::string_view::npos) broker.remove_prefix(scheme + 3);
  const std::size_t colon = broker.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && broker.find(']', colon) == std::string_view::npos;
  const std::string_view host = has_port ? broker.substr(0, colon) : broker;
  return !host.empty() && host.find_first_of(" \t/") == std::string_view::npos &&
         (!has_port || is_port(broker.substr(colon + 1)));
}

void validate_brokers(const Config& config, Problems& problems) {
  const bool alias = config.kafka.contains("metadata.broker.list");
  const std::string name = alias ? "metadata.broker.list" : "bootstrap.servers";
  const auto found = config.kafka.find(name);
  Origin where = origin_of(config, joined("kafka", name), origin_of(config, "kafka"));
  if (found == config.kafka.end()) {
    problems.push_back({where, "is missing",
                        "write \"bootstrap.servers\" = \"HOST:PORT,HOST:PORT\" under [kafka]"});
    return;
  }
  std::string_view rest = found->second;
  while (true) {
    const std::size_t comma = rest.find(',');
    std::string_view broker = rest.substr(0, comma);
    while (broker.starts_with(' ')) broker.remove_prefix(1);
    while (broker.ends_with(' ')) broker.remove_suffix(1);
    if (!is_broker(broker)) {
      problems.push_back({where, "\"" + std::string(broker) + "\" is not HOST:PORT",
                          "list the brokers as HOST:PORT, with commas between them"});
    }
    if (comma == std::string_view::npos) return;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace

void validate_kafka(const Config& config, const Checks& checks, Problems& problems) {
  validate_brokers(config, problems);
  KafkaValidation validation(config, checks, problems);
  const Origin kafka = origin_of(config, "kafka");
  const bool both = validation.each(Client::both, "kafka", config.kafka);
  const bool producer = validation.each(Client::producer, "kafka.producer", config.producer);
  const bool consumer = validation.each(Client::consumer, "kafka.consumer", config.consumer);
  if (both && producer) {
    validation.together(Client::producer, "kafka.producer", producer_properties(config), kafka);
  }
  if (both && consumer) {
    validation.together(Client::consumer, "kafka.consumer", consumer_properties(config, {}), kafka);
  }
  for (const Route& route : config.routes) {
    if (route.consumer.empty()) continue;
    const std::string path = route.origin.path + ".consumer";
    if (validation.each(Client::consumer, path, route.consumer, route.origin) && both && consumer &&
        session_fits(config, route)) {
      validation.together(Client::consumer, path, consumer_properties(config, route), route.origin);
    }
  }
}

}  // namespace gantry::config
