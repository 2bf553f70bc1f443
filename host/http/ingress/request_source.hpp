// The source of one HTTP route: the requests that wait for it to take them. The server's thread
// offers and withdraws, the route's lanes take, the service opens and closes. Shared by
// the service, the server's paths and every request; outlives the route.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>

#include "config/model.hpp"
#include "http/ingress/exchange.hpp"
#include "route/route.hpp"

namespace gantry::http {

class RequestSource : public std::enable_shared_from_this<RequestSource> {
 public:
  explicit RequestSource(config::Route route) : route_(std::move(route)) {}
  RequestSource(const RequestSource&) = delete;
  RequestSource& operator=(const RequestSource&) = delete;

  const config::Route& route() const { return route_; }
  // How route::RouteParts answer requests; the rest of them is the caller's.
  static void fill(route::RouteParts& parts);

  // ---- the service
  // From here on the route gets what comes; before, the answer is 503. Also after close().
  void open(route::Route& engine);
  // Waits for what handlers have in their hands, at most until the deadline; the rest is answered
  // 503. After Route::quiesce(), before Route::stop().
  void close(config::Milliseconds deadline);
  // Until every request that was offered is answered; for when no more are offered.
  void wait_until_answered(config::Milliseconds deadline);
  // What clients are told while it is closed.
  void set_paused(bool paused) { paused_ = paused; }

  // ---- the server's thread
  bool is_open() const;
  bool paused() const { return paused_; }
  // False: closed. The route is told of it behind what `server` has to do already: clients answered
  // together ask together again, and the route takes them as one batch instead of one and the rest.
  bool offer(std::shared_ptr<Exchange> exchange, const boost::asio::any_io_executor& server);
  void withdraw(Exchange& exchange);  // its client is gone
  void over();                        // one that was taken has come back

  // Offered and not given back yet. Any thread.
  std::size_t under_way() const { return under_way_; }

 private:
  class Queue;
  std::size_t take(std::span<route::Delivery* const> into);
  void announce();

  const config::Route route_;
  std::atomic<bool> paused_{false};
  mutable std::mutex mutex_;  // taken before the route's
  route::Route* engine_ = nullptr;
  std::atomic<std::size_t> under_way_{0};
  std::condition_variable answered_;  // under_way_ is 0
  std::deque<std::shared_ptr<Exchange>> waiting_;
  bool announcing_ = false;  // announce() is on its way; of the server's thread
};

}  // namespace gantry::http
