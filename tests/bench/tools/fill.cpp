#include "fill.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "kafka_calls.hpp"

namespace gantry::bench {
namespace {

class Keys {
 public:
  explicit Keys(const Filling& filling) : count_(filling.keys) {
    if (!filling.zipf) return;
    cumulated_.reserve(static_cast<std::size_t>(count_));
    double sum = 0;
    for (std::int64_t rank = 1; rank <= count_; ++rank)
      cumulated_.push_back(sum += 1.0 / static_cast<double>(rank));
  }

  std::int64_t next() {
    if (cumulated_.empty()) return std::uniform_int_distribution<std::int64_t>(1, count_)(random_);
    const double at = std::uniform_real_distribution<>(0, cumulated_.back())(random_);
    return 1 + (std::ranges::lower_bound(cumulated_, at) - cumulated_.begin());
  }

 private:
  std::int64_t count_;
  std::vector<double> cumulated_;
  std::mt19937_64 random_{20261123};
};

// About 245 bytes; order and event are unique, the user is the key.
int order(char* into, std::size_t size, std::int64_t number, std::int64_t user) {
  const auto n = static_cast<long long>(number);
  return std::snprintf(
      into, size,
      R"({"eventId":"%08llx-0000-4000-8000-%012llx","type":"OrderCreatedEvent","orderId":%lld,)"
      R"("userId":%lld,"amount":%lld,"currency":"KRW","status":"PAID",)"
      R"("items":[{"sku":"SKU-%lld","qty":%lld,"price":%lld}],)"
      R"("occurredAt":"2026-11-23T00:00:00.000Z"})",
      n, n, n, static_cast<long long>(user), 1000 + n % 9000, n % 500, 1 + n % 3, 500 + n % 900);
}

// A user of his own each, all for coupon 1.
int coupon_request(char* into, std::size_t size, std::int64_t number) {
  return std::snprintf(into, size, R"({"couponId":1,"userId":%lld})",
                       static_cast<long long>(number));
}

std::int64_t undelivered = 0;

void delivered(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) ++undelivered;
}

void send(rd_kafka_t* producer, const std::string& topic, const std::string& key, const char* value,
          int size) {
  for (;;) {
    const auto error = rd_kafka_producev(
        producer, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_KEY(key.data(), key.size()),
        RD_KAFKA_V_VALUE(const_cast<char*>(value), static_cast<std::size_t>(size)),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) fail(rd_kafka_err2str(error));
    rd_kafka_poll(producer, 10);
  }
}

}  // namespace

void fill(const std::string& bootstrap, const Filling& filling) {
  rd_kafka_conf_t* conf = make_conf(bootstrap, {{"enable.idempotence", "true"},
                                                {"linger.ms", "20"},
                                                {"batch.size", "500000"},
                                                {"partitioner", "murmur2_random"},
                                                {"queue.buffering.max.messages", "300000"}});
  rd_kafka_conf_set_dr_msg_cb(conf, delivered);
  rd_kafka_t* producer = make_client(RD_KAFKA_PRODUCER, conf);
  Keys keys(filling);
  for (std::int64_t number = 1; number <= filling.messages; ++number) {
    char value[512];
    if (filling.poison_every != 0 && number % filling.poison_every == 0) {
      const int size = std::snprintf(value, sizeof(value), "poison %lld", (long long)number);
      send(producer, filling.topic, "poison-" + std::to_string(number), value, size);
    } else {
      const std::int64_t key = keys.next();
      const int size = filling.what == Filling::What::order
                           ? order(value, sizeof(value), number, key)
                           : coupon_request(value, sizeof(value), number);
      send(producer, filling.topic, std::to_string(key), value, size);
    }
    if (number % 1000 == 0) rd_kafka_poll(producer, 0);
  }
  rd_kafka_flush(producer, 120'000);
  if (undelivered != 0 || rd_kafka_outq_len(producer) != 0) fail("not all records got through");
  rd_kafka_destroy(producer);
}

}  // namespace gantry::bench
