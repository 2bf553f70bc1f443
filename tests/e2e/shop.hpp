// The whole system of the requirements, as a shop runs it: payment and coupon requests over HTTP,
// both topics, all five routes, a database and an AlertTalk. Base class of the tests of it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "end_to_end.hpp"
#include "support/alerttalk_server.hpp"

namespace gantry::test {

class Shop : public EndToEnd {
 protected:
  explicit Shop(KafkaCluster& cluster = KafkaCluster::shared());

  // The topics, the files of the first host, and the tables.
  void open();
  // Another host's files: its own name, folder and ports, the same topics, groups and database.
  void configure(ConfigFiles& host, const std::string& name);
  static std::uint16_t http_port(const ConfigFiles& host);

  // Status 0: nobody answered.
  // fields: more of the head, each with its "\r\n".
  static HttpAnswer post(std::uint16_t port, const std::string& path, const std::string& body,
                         const std::string& fields = "");
  HttpAnswer pay(std::int64_t order, std::int64_t user = 7, std::int64_t amount = 12000,
                 const std::string& currency = "KRW");
  HttpAnswer ask_for_coupon(std::int64_t coupon, std::int64_t user, std::uint16_t port = 0);

  void create_order(std::int64_t order, const std::string& status = "PENDING");
  void create_coupon(std::int64_t coupon, std::int64_t stock);
  // All that was published has been handled by everybody who reads it.
  void wait_until_settled();

  // Runs it for each of `count` numbers from 0 on, on `threads` threads.
  static void at_once(int count, int threads, const std::function<void(int)>& call);

  const std::string coupon_topic = run + "-coupons";
  AlertTalkServer alert_talk;
  Database database = Postgres::shared().create_database();
};

// As Java's LongSerializer writes a key.
std::string java_long(std::int64_t number);

}  // namespace gantry::test
