// The handler `alert`: the adapter between Gantry and PaymentEventListener. One instance a lane:
// the lane's thread reads and begins, the client's thread records and settles what was answered,
// each over a connection of its own.
#pragma once

#include <chrono>
#include <gantry/plugin.hpp>
#include <span>
#include <vector>

#include "alert_migrations.hpp"
#include "curl_alert_talk_client.hpp"
#include "notifications/payment_event_listener.hpp"
#include "notifications/sent_ledger.hpp"
#include "order_event_reader.hpp"
#include "postgres_notification_repository.hpp"

namespace notifications {

class Alert {
 public:
  struct Shared {
    SentLedger unrecorded;
  };

  static constexpr auto options = gantry::options(
      gantry::database("database", "where notifications is"),
      gantry::url("url", "of the AlertTalk API, to which each notification is posted"),
      gantry::text("template", "the provider's code of the message template"),
      gantry::text("sender_key", "the provider's key of this sender").secret(),
      gantry::duration("timeout_ms", "from the start of a request to the end of its answer")
          .between(std::chrono::milliseconds(1), std::chrono::milliseconds(60000))
          .fallback(std::chrono::milliseconds(5000)),
      gantry::text("idempotency_header", "the field that carries the event id")
          .fallback("Idempotency-Key"),
      gantry::text("success_pointer",
                   "JSON pointer that is true, \"success\" or \"ok\" in the body of a 2xx; empty: "
                   "any 2xx is a success")
          .fallback(""),
      gantry::text_list("duplicate_codes",
                        "answers that mean sent already: \"409\", \"/result/code=E1005\"")
          .fallback(),
      gantry::integer("max_in_flight", "requests of one lane at once")
          .between(1, 1000)
          .fallback(64));
  static constexpr auto& migrations = gantry::migrations::alert;
  static constexpr int max_batch = 1000;
  static constexpr bool may_pend = true;

  Alert(const gantry::Context& context, Shared& shared);
  ~Alert() { client_.finish(std::chrono::milliseconds(0)); }  // while the listener still lives

  gantry::Verdict handle_batch(gantry::Batch& batch);
  void cancel(gantry::Slot slot);
  void drain(std::chrono::milliseconds deadline);

 private:
  void settle(std::span<const Conclusion> conclusions);
  void settle(const Conclusion& conclusion);

  gantry::Host host_;
  gantry::Metrics::Counter sent_, repeated_, skipped_;
  orders::OrderEventReader reader_;
  PostgresNotificationRepository starts_;
  PostgresNotificationRepository ends_;
  CurlAlertTalkClient client_;
  PaymentEventListener listener_;
};

}  // namespace notifications
