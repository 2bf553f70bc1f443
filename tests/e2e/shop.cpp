#include "shop.hpp"

#include <atomic>
#include <thread>

#include "support/free_port.hpp"
#include "unit/http/http_client.hpp"

namespace gantry::test {
namespace {

constexpr const char* kRoutes = R"(
[[plugin]]
library = "libpayment.so"
[[plugin]]
library = "libcoupon-issuer.so"
[[plugin]]
library = "liborder-saver.so"
[[plugin]]
library = "libalert.so"
[[route]]
name = "payment"
handler = "payment"
http = { method = "POST", path = "/payments" }
outputs.order_created = { topic = "@TOPIC@", key_format = "int64", headers = { __TypeId__ = "OrderCreatedEvent" } }
settings = { database = "main" }
[[route]]
name = "coupon-request"
handler = "coupon-request"
http = { method = "POST", path = "/coupons/{couponId}/requests", key = ":couponId" }
outputs.coupon_issue = { topic = "@COUPONS@", key_format = "int64", headers = { __TypeId__ = "CouponIssueEvent" } }
settings = { database = "main" }
[[route]]
name = "coupon-issue"
handler = "coupon-issue"
topics = ["@COUPONS@"]
settings = { database = "main" }
[[route]]
name = "order-saver"
handler = "order-saver"
topics = ["@TOPIC@"]
settings = { database = "main" }
[[route]]
name = "alert"
handler = "alert"
topics = ["@TOPIC@"]
settings = { database = "main", url = "@ALERTTALK@", template = "order-paid", sender_key = "secret" }
)";

constexpr const char* kMain = R"(
name = "@NAME@"
state_dir = "@STATE@"
memory_mb = 64
[kafka]
"bootstrap.servers" = "@BOOTSTRAP@"
[kafka.consumer]
"auto.offset.reset" = "earliest"
[plugins]
dirs = ["@PLUGINS@"]
[admin]
listen = "127.0.0.1:@ADMIN_PORT@"
[http]
listen = "127.0.0.1:@HTTP_PORT@"
[database.main]
dsn = "@DSN@"
[outbox]
databases = ["main"]
[defaults]
group = "@RUN@-{route}"
dead_letter = { topic = "@DLQ@", headers = ["gantry", "spring"] }
)";

}  // namespace

Shop::Shop(KafkaCluster& cluster) : EndToEnd(cluster) {}

void Shop::open() {
  kafka.create_topic(topic);
  kafka.create_topic(coupon_topic);
  kafka.create_topic(dlq);
  configure(files, "host-" + run);
  apply_migrations();
}

void Shop::configure(ConfigFiles& host, const std::string& name) {
  for (const char* placeholder : {"BOOTSTRAP", "RUN", "TOPIC", "DLQ"})
    host.set(placeholder, files.filled("@" + std::string(placeholder) + "@"));
  host.set("NAME", name)
      .set("COUPONS", coupon_topic)
      .set("DSN", database.dsn())
      .set("ALERTTALK", alert_talk.url())
      .set("HTTP_PORT", std::to_string(free_port()));
  host.main(kMain).route("shop", kRoutes);
}

std::uint16_t Shop::http_port(const ConfigFiles& host) {
  return static_cast<std::uint16_t>(std::stoi(host.filled("@HTTP_PORT@")));
}

HttpAnswer Shop::post(std::uint16_t port, const std::string& path, const std::string& body,
                      const std::string& fields) {
  try {
    HttpClient client(port);
    const Answer answer = client.ask("POST " + path +
                                     " HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json"
                                     "\r\nContent-Length: " +
                                     std::to_string(body.size()) + "\r\n" + fields + "\r\n" + body);
    return {answer.status, answer.body};
  } catch (const std::runtime_error&) {
    return {};
  }
}

HttpAnswer Shop::pay(std::int64_t order, std::int64_t user, std::int64_t amount,
                     const std::string& currency) {
  return post(http_port(files), "/payments",
              "{\"orderId\":" + std::to_string(order) + ",\"userId\":" + std::to_string(user) +
                  ",\"amount\":" + std::to_string(amount) + ",\"currency\":\"" + currency + "\"}");
}

HttpAnswer Shop::ask_for_coupon(std::int64_t coupon, std::int64_t user, std::uint16_t port) {
  return post(port == 0 ? http_port(files) : port,
              "/coupons/" + std::to_string(coupon) + "/requests",
              "{\"userId\":" + std::to_string(user) + "}");
}

void Shop::create_order(std::int64_t order, const std::string& status) {
  database.execute("INSERT INTO orders (order_id, user_id, amount, currency, status) VALUES (" +
                   std::to_string(order) + ", 7, 12000, 'KRW', '" + status + "')");
}

void Shop::create_coupon(std::int64_t coupon, std::int64_t stock) {
  database.execute("INSERT INTO coupon_types (coupon_id, name, stock, remaining) VALUES (" +
                   std::to_string(coupon) + ", 'spring', " + std::to_string(stock) + ", " +
                   std::to_string(stock) + ")");
}

void Shop::wait_until_settled() {
  eventually([&] { return database.count("gantry_outbox") == 0; }, 120s,
             [&] {
               return "the outbox to be empty; it has " +
                      std::to_string(database.count("gantry_outbox")) + " rows";
             });
  for (const char* route : {"order-saver", "alert"})
    kafka.wait_until_committed(group(route), topic);
  kafka.wait_until_committed(group("coupon-issue"), coupon_topic);
}

void Shop::at_once(int count, int threads, const std::function<void(int)>& call) {
  std::atomic<int> next{0};
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i)
    running.emplace_back([&] {
      for (int number = next++; number < count; number = next++) call(number);
    });
  for (std::thread& thread : running) thread.join();
}

std::string java_long(std::int64_t number) {
  std::string bytes(8, '\0');
  for (int i = 0; i < 8; ++i)
    bytes[static_cast<std::size_t>(i)] = static_cast<char>(number >> (56 - 8 * i));
  return bytes;
}

}  // namespace gantry::test
