#include "kafka/fetch_wake.hpp"

#include <cstdlib>

namespace gantry::kafka {
namespace {

constexpr const char* kBackoff = "fetch.queue.backoff.ms";
constexpr const char* kBackoffMs = "5";
constexpr std::size_t kWakesOfFullQueue = 4;

}  // namespace

void FetchWake::prepare(ClientConf& conf) {
  if (conf.knows(kBackoff)) conf.set(kBackoff, kBackoffMs);
}

FetchWake::FetchWake(ClientConf& conf)
    : user_(conf.value("sasl.username")), password_(conf.value("sasl.password")) {
  // Kerberos and OAuth have no name here, and are not to be given one.
  const bool nameless = conf.value("security.protocol").starts_with("sasl") && user_.empty();
  needed_ = !conf.knows(kBackoff) && !nameless;
  const std::string kbytes = conf.value("queued.max.messages.kbytes");
  every_ = std::strtoull(kbytes.c_str(), nullptr, 10) * 1024 / kWakesOfFullQueue;
}

void FetchWake::wake(rd_kafka_t* client) const {
  if (!needed_) return;
  rd_kafka_error_t* const error =
      rd_kafka_sasl_set_credentials(client, user_.c_str(), password_.c_str());
  if (error != nullptr) rd_kafka_error_destroy(error);
}

}  // namespace gantry::kafka
