// The shipped configuration is moved to other topics, groups, dead letters and outputs, and to
// brokers that are reached by TLS and with a password, by edits of its TOML files and nothing else:
// the libraries are the same bytes before and after, and every flow works in its new place.
#include <gmock/gmock.h>

#include <filesystem>
#include <map>

#include "shop.hpp"
#include "support/free_port.hpp"

namespace gantry::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Rewiring : public Shop, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    fs::copy(GANTRY_CONF, files.folder(), fs::copy_options::recursive);
    before_ = shipped_libraries();
    ASSERT_EQ(before_.size(), 4u);
    files.set("HTTP_PORT", std::to_string(free_port()));
    move_host();
    move_routes();
  }
  void TearDown() override { EXPECT_EQ(shipped_libraries(), before_); }

  static std::map<fs::path, std::string> shipped_libraries() {
    std::map<fs::path, std::string> bytes;
    for (const char* name : {"payment", "alert", "order-saver", "coupon-issuer"}) {
      const fs::path file = fs::path(GANTRY_SHIPPED) / ("lib" + std::string(name) + ".so");
      if (fs::exists(file)) bytes[file] = read_file(file);
    }
    return bytes;
  }
  // What an administrator does with an editor, everywhere in one file.
  void edit(const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = read_file(files.folder() / file);
    auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from << " is not in " << file;
    for (; at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
    write_file(files.folder() / file, text);
  }
  void add(const std::string& file, const std::string& more) const {
    write_file(files.folder() / file, read_file(files.folder() / file) + more);
  }
  void add_dead_letter_topic(const std::string& name) const {
    add("gantry.toml", "[[topic]]\nname = \"" + name +
                           "\"\npartitions = 1\nreplicas = 3\n"
                           "config = { \"max.message.bytes\" = 1114124 }\n");
  }

  void move_host() const {
    const char* file = "gantry.toml";
    edit(
        file,
        "[kafka]                                   # any property of librdkafka, for both clients\n"
        "\"bootstrap.servers\" = \"localhost:9092,localhost:9094,localhost:9096\"\n",
        KafkaCluster::shared().secure_table(GetParam()));
    edit(file, "${hostname}", "host-" + run);
    edit(file, "${env:STATE_DIRECTORY:-/var/lib/gantry}", files.state_dir().string());
    edit(file, "${env:GANTRY_POSTGRES_DSN:-postgresql://localhost:5432/gantry?connect_timeout=10}",
         database.dsn());
    edit(file, "127.0.0.1:8080", files.filled("127.0.0.1:@HTTP_PORT@"));
    edit(file, "127.0.0.1:9464", files.filled("127.0.0.1:@ADMIN_PORT@"));
    edit(file, "${env:GANTRY_SOCKET:-/run/gantry/admin.sock}", in_folder("admin.sock"));
    edit(file, "\"trace-topic\"", '"' + topic + '"');
    edit(file, "\"coupon-topic\"", '"' + coupon_topic + '"');
    edit(file, "\"DLQ-topic\"", '"' + dlq + '"');
    edit(file, "default-group-", run + '-');
    add_dead_letter_topic(alert_letters);
  }
  void move_routes() const {
    edit("routes.d/payment.toml", "\"trace-topic\"", '"' + topic + '"');
    edit("routes.d/order-saver.toml", "\"trace-topic\"", '"' + topic + '"');
    edit("routes.d/coupon-issuer.toml", "\"coupon-topic\"", '"' + coupon_topic + '"');
    edit("routes.d/alert.toml", "\"trace-topic\"]",
         '"' + topic + "\"]\ngroup = \"" + notifiers + "\"\ndead_letter = { topic = \"" +
             alert_letters + "\", headers = [\"gantry\"] }");
    edit("routes.d/alert.toml", "${env:ALERTTALK_URL:-http://localhost:8090/alerttalk/messages}",
         alert_talk.url());
  }

  // The reason why not, in the host's own words.
  std::string why_no_scram() const {
    const std::string said = command({"check", "--connect"}).output;
    const auto begin = said.find("By SCRAM no broker");
    return begin == std::string::npos ? "" : said.substr(begin, said.find('\n', begin) - begin);
  }
  void expect_payment_and_coupon() {
    create_order(1);
    create_coupon(5, 10);
    EXPECT_EQ(pay(1).status, 200);
    EXPECT_EQ(ask_for_coupon(5, 7).status, 202);
    const auto is_there = [&](const char* rows) {
      eventually([&] { return database.count(rows) == 1; }, 90s, rows);
    };
    is_there("saved_orders WHERE order_id = 1");
    is_there("notifications WHERE state = 'SENT' AND order_id = 1");
    is_there("coupons WHERE coupon_id = 5 AND user_id = 7");
    EXPECT_EQ(kafka.consume_all(topic).size(), 1u);
    EXPECT_EQ(kafka.consume_all(coupon_topic).size(), 1u);
    kafka.wait_until_committed(group("order-saver"), topic);
    kafka.wait_until_committed(notifiers, topic);
    kafka.wait_until_committed(group("coupon-issue"), coupon_topic);
  }
  void expect_letter(const std::string& letters, const std::string& key, const std::string& route) {
    std::vector<Record> found;
    eventually(
        [&] {
          found = kafka.consume_all(letters);
          std::erase_if(found, [&](const Record& one) { return one.key != key; });
          return !found.empty();
        },
        90s, "the dead letter " + key + " in " + letters);
    EXPECT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].header("gantry.route"), route);
  }

  const std::string alert_letters = run + ".alert-letters";
  const std::string saver_letters = run + ".saver-letters";
  const std::string notifiers = run + ".notifiers";
  std::map<fs::path, std::string> before_;
};

TEST_P(Rewiring, takes_edits_of_toml_only) {
  if (const std::string why = why_no_scram(); !why.empty()) GTEST_SKIP() << why;
  const Finished checked = command({"check"});
  ASSERT_EQ(checked.exit_code, 0) << checked.output;
  for (const char* shipped : {"trace-topic", "coupon-topic", "DLQ-topic", "default-group"})
    EXPECT_THAT(checked.output, Not(HasSubstr(shipped)));
  apply_migrations();
  HostProcess host(files);
  host.wait_until_ready(120s);
  expect_payment_and_coupon();

  kafka.produce({.topic = topic, .key = "poison", .value = "{"});
  kafka.produce({.topic = coupon_topic, .key = "no-coupon", .value = "{"});
  expect_letter(dlq, "poison", "order-saver");
  expect_letter(alert_letters, "poison", "alert");
  expect_letter(dlq, "no-coupon", "coupon-issue");

  // While it runs: dead letters of its own for one more route.
  add_dead_letter_topic(saver_letters);
  edit("routes.d/order-saver.toml",
       "handler = ", "dead_letter = { topic = \"" + saver_letters + "\" }\nhandler = ");
  EXPECT_THAT(command({"reload"}).output,
              AllOf(HasSubstr("changed        order-saver: dead_letter"),
                    HasSubstr("alert, coupon-request")));
  kafka.produce({.topic = topic, .key = "more-poison", .value = "{"});
  expect_letter(saver_letters, "more-poison", "order-saver");
  expect_letter(alert_letters, "more-poison", "alert");
  EXPECT_EQ(kafka.consume_all(dlq).size(), 2u) << "it got only what was its own";
  EXPECT_EQ(host.terminate(), 0);
}

INSTANTIATE_TEST_SUITE_P(ToBrokersByTlsWith, Rewiring, testing::Values("PLAIN", "SCRAM-SHA-512"),
                         [](const testing::TestParamInfo<const char*>& mechanism) {
                           return std::string(mechanism.param).substr(0, 5);
                         });

}  // namespace
}  // namespace gantry::test
