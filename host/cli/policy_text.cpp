#include "cli/policy_text.hpp"

#include <sstream>

namespace gantry::cli {
namespace {

std::string number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

}  // namespace

const char* name_of(config::Order order) {
  switch (order) {
    case config::Order::key:
      return "key";
    case config::Order::partition:
      return "partition";
    case config::Order::none:
      break;
  }
  return "none";
}

const char* name_of(config::KeyFormat format) {
  switch (format) {
    case config::KeyFormat::text:
      return "text";
    case config::KeyFormat::int64:
      return "int64";
    case config::KeyFormat::bytes:
      break;
  }
  return "bytes";
}

const char* name_of(config::HeaderFamily family) {
  switch (family) {
    case config::HeaderFamily::spring:
      return "spring";
    case config::HeaderFamily::connect:
      return "connect";
    case config::HeaderFamily::gantry:
      break;
  }
  return "gantry";
}

std::string topic_text(const config::Config& config, const std::string& name) {
  const auto declared = config.topics.find(name);
  if (declared == config.topics.end()) return name + " (not declared)";
  return name + " (" + std::to_string(declared->second.partitions) + " partitions, " +
         std::to_string(declared->second.replicas) + " replicas)";
}

std::string retry_text(const config::Retry& retry) {
  if (retry.max_attempts == 1) return "none";
  std::string text = std::to_string(retry.max_attempts - 1) + " times after " +
                     std::to_string(retry.backoff.count()) + " ms";
  if (retry.multiplier > 1) {
    text += ", each time " + number(retry.multiplier) + " times as long, at most " +
            std::to_string(retry.max_backoff.count()) + " ms";
  }
  if (retry.jitter > 0) text += ", ±" + number(retry.jitter * 100) + " %";
  return text;
}

std::string listen_text(const config::Listen& listen) {
  return listen.address + ":" + std::to_string(listen.port);
}

}  // namespace gantry::cli
