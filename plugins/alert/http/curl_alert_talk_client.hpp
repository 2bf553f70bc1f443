// AlertTalkClient over libcurl's multi interface: one thread of its own, many requests in flight,
// connections kept. send() and abort() from any thread; the deliveries of a round are handed over
// together, on the client's thread, so that they can be recorded together. A handler instance owns
// it.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <notifications/alert_talk_client.hpp>
#include <set>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "curl_request.hpp"

namespace notifications {

class CurlAlertTalkClient final : public AlertTalkClient {
 public:
  using Deliver = std::function<void(std::span<const Delivery>)>;

  // Starts its thread; connects to nothing yet. `deliver` must not throw.
  CurlAlertTalkClient(AlertTalkSettings settings, Deliver deliver);
  ~CurlAlertTalkClient() override;  // ends what is in flight as aborted, and joins the thread

  void send(Ticket ticket, const Notification& notification) override;
  void abort(Ticket ticket) override;
  // Waits until nothing is in flight, and aborts what still is when the time is over. Returns when
  // all is delivered.
  void finish(std::chrono::milliseconds limit);

 private:
  struct MultiCloser {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };
  struct Order {
    Ticket ticket;
    Notification notification;
  };

  void run();
  void take_orders(std::vector<Delivery>& deliveries);
  void start_waiting();
  void start(const Order& order);
  void abort_now(Ticket ticket, std::vector<Delivery>& deliveries);
  void collect(std::vector<Delivery>& deliveries);
  std::unique_ptr<CurlRequest> end(Ticket ticket);

  const AlertTalkSettings settings_;
  const Deliver deliver_;
  std::unique_ptr<CURLM, MultiCloser> multi_;

  std::mutex mutex_;  // over what other threads leave here
  std::condition_variable idle_;
  std::deque<Order> orders_;
  std::vector<Ticket> aborts_;
  std::size_t open_ = 0;  // sent and not delivered yet
  bool abort_all_ = false;
  bool quit_ = false;

  std::deque<Order> waiting_;  // from here on the client's thread alone
  std::map<Ticket, std::unique_ptr<CurlRequest>> running_;
  std::vector<std::unique_ptr<CurlRequest>> spare_;
  std::thread thread_;
};

}  // namespace notifications
