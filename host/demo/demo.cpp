#include "demo/demo.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>

#include "demo/comparisons.hpp"
#include "demo/disturbances.hpp"
#include "demo/screen.hpp"
#include "demo/table.hpp"
#include "embedded/samples.hpp"

namespace gantry::demo {
namespace {

using embedded::Development;

constexpr std::size_t kConnections = 16;
constexpr std::size_t kOrderCopies = 20;
constexpr std::size_t kCouponCopies = 10;
constexpr std::chrono::seconds kPatience{30};

class Demo {
 public:
  Demo(Development& development, AlertTalkScript& alert_talk, Screen& screen)
      : development_(development),
        interrupts_(development.interrupts()),
        wiring_(development.config()),
        alert_talk_(alert_talk),
        screen_(screen) {}

  void pay();
  void ask_for_coupons();
  void disturb();
  void let_alert_talk_come_back();
  void settle();
  bool conclude();

 private:
  std::vector<Answer> post(const std::vector<Request>& requests) {
    return post_all(development_.host().http_port(), requests, kConnections, interrupts_);
  }
  observe::PartState alert_state() const {
    return development_.host().health().snapshot()["route:" + wiring_.alert->name];
  }
  std::int64_t waiting_in_outbox() const;
  void wait_for_empty_outbox();

  Development& development_;
  const embedded::Interrupts& interrupts_;
  const Wiring wiring_;
  AlertTalkScript& alert_talk_;
  Screen& screen_;
  Numbers numbers_;
};

void Demo::pay() {
  screen_.begin("payments");
  const std::vector<Request> requests = payment_requests(wiring_.payment->http->path);
  numbers_.payments = count(requests, post(requests));
  screen_.done(std::to_string(numbers_.payments.sent) +
               " requests answered, while AlertTalk is away");
}

void Demo::ask_for_coupons() {
  screen_.begin("coupons");
  const std::vector<Request> requests = coupon_requests(wiring_);
  const std::vector<Answer> answers = post(requests);
  numbers_.coupons = count(answers);
  screen_.doing("who has one asks again");
  numbers_.coupons.add(count(post(again(requests, answers))));
  screen_.done(std::to_string(numbers_.coupons.sent) + " requests answered, one coupon sold out");
}

std::int64_t Demo::waiting_in_outbox() const {
  std::int64_t rows = 0;
  for (const std::string& database : development_.config().outbox_databases) {
    rows += embedded::ask_number(development_.dsn(database), "SELECT count(*) FROM gantry_outbox");
  }
  return rows;
}

void Demo::wait_for_empty_outbox() {
  std::int64_t rows = 0;
  interrupts_.wait_until([&] { return (rows = waiting_in_outbox()) == 0; }, kPatience,
                         [&] {
                           return "the relay does not publish: " + std::to_string(rows) +
                                  " rows wait in gantry_outbox";
                         });
}

void Demo::disturb() {
  screen_.begin("disturbance");
  wait_for_empty_outbox();
  std::vector<embedded::Record> orders = development_.kafka().read(wiring_.order_topic());
  // Its notification never gets through: a copy would be one more dead letter.
  std::erase_if(orders, [](const embedded::Record& record) {
    return record.value.value_or("").find("\"orderId\":" + std::to_string(kHopelessOrder) + ',') !=
           std::string::npos;
  });
  const auto put = [&](const std::vector<embedded::Record>& copied,
                       const std::vector<embedded::Record>& malformed) {
    development_.kafka().write(copied);
    development_.kafka().write(malformed);
    return PutIn{static_cast<std::int64_t>(copied.size()),
                 static_cast<std::int64_t>(malformed.size())};
  };
  numbers_.put_in_orders =
      put(copies(orders, kOrderCopies), malformed_orders(wiring_.order_topic()));
  numbers_.put_in_coupons =
      put(copies(development_.kafka().read(wiring_.coupon_topic()), kCouponCopies),
          malformed_coupons(wiring_.coupon_topic()));
  screen_.done(
      std::to_string(numbers_.put_in_orders.copies + numbers_.put_in_coupons.copies) +
      " copies of events and " +
      std::to_string(numbers_.put_in_orders.malformed + numbers_.put_in_coupons.malformed) +
      " malformed ones put into the topics");
}

void Demo::let_alert_talk_come_back() {
  screen_.begin("recovery");
  const std::string route = "route " + wiring_.alert->name;
  interrupts_.wait_until([&] { return alert_state().state == "unavailable"; }, kPatience,
                         [&] { return route + " is not unavailable while AlertTalk answers 503"; });
  const std::string reason = alert_state().reason;
  alert_talk_.be_away(false);
  screen_.doing("AlertTalk is back");
  interrupts_.wait_until([&] { return alert_state().ready; }, kPatience,
                         [&] { return route + " does not come back: " + alert_state().reason; });
  screen_.done(route + " waited (" + reason + "), and goes on");
}

void Demo::settle() {
  screen_.begin("settling");
  std::string left;
  const auto all_committed = [&] {
    left.clear();
    for (const auto* route : {wiring_.order_saver, wiring_.alert, wiring_.coupon_issue}) {
      const std::int64_t lag = development_.kafka().lag(route->group, route->topics.front());
      if (lag == 0) continue;
      left += (left.empty() ? "" : ", ") + route->name + ' ' + std::to_string(lag);
    }
    screen_.doing("not committed yet: " + left);
    return left.empty();
  };
  interrupts_.wait_until(all_committed, kPatience,
                         [&] { return "these do not get to the end of their topics: " + left; });
  wait_for_empty_outbox();
  screen_.done("every record is settled and its offset committed");
}

bool Demo::conclude() {
  read(development_, wiring_, alert_talk_, numbers_);
  show_table(screen_, numbers_, wiring_);
  screen_.heading("Compared");
  const std::vector<Comparison> comparisons = compare(numbers_, wiring_);
  for (const Comparison& one : comparisons) screen_.verdict(one.agrees, one.text, one.detail);
  const auto wrong = std::count_if(comparisons.begin(), comparisons.end(),
                                   [](const Comparison& one) { return !one.agrees; });
  screen_.line();
  screen_.line(wrong == 0 ? "All " + std::to_string(comparisons.size()) + " comparisons agree."
                          : std::to_string(wrong) + " of " + std::to_string(comparisons.size()) +
                                " comparisons do not agree, those marked ✗.");
  return wrong == 0;
}

int perform(Development& development, AlertTalkScript& alert_talk, Screen& screen) {
  Demo demo(development, alert_talk, screen);
  demo.pay();
  demo.ask_for_coupons();
  demo.disturb();
  demo.let_alert_talk_come_back();
  demo.settle();
  return demo.conclude() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int run(const Options& options) {
  AlertTalkScript alert_talk({{kRecoveringOrder, 3}}, {kHopelessOrder});
  alert_talk.be_away(true);
  Screen screen;
  std::string started;
  embedded::Wishes wishes;
  wishes.config_file = options.config_file;
  wishes.folder_stem = "gantry-demo";
  wishes.log_to_stderr = options.log_to_stderr;
  wishes.any_port = true;
  wishes.on_notification = [&](const embedded::Notification& one) {
    return alert_talk.answer(one);
  };
  wishes.started = [&](std::string_view part) {
    started += (started.empty() ? "" : " · ") + std::string(part);
    screen.doing(started);
  };
  screen.line(
      "gantry demo: payments and coupons on a Kafka, a PostgreSQL and an AlertTalk of its own");
  screen.line();
  screen.begin("starting");
  try {
    const int code = embedded::run_development(std::move(wishes), [&](Development& development) {
      screen.done(started);
      for (const std::string& line : development.plugin_rules()) screen.line(line);
      return perform(development, alert_talk, screen);
    });
    screen.gone();
    return code;
  } catch (...) {
    screen.gone();
    throw;
  }
}

}  // namespace gantry::demo
