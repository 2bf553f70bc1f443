#include "curl_alert_talk_client.hpp"

#include <algorithm>
#include <new>

namespace notifications {
namespace {

constexpr int longest_wait_ms = 1000;  // libcurl's own timers cut it

// Not thread-safe in libcurl itself, and never undone: another plugin may use it too.
void initialise_libcurl() {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (once != CURLE_OK) throw std::bad_alloc();
}

Delivery aborted(Ticket ticket, bool was_sent) {
  using outcome::Remedy;
  // What was sent may have arrived: that is an answer that did not come in time.
  return {ticket,
          Answer::failed,
          {was_sent ? Remedy::retry : Remedy::unavailable,
           was_sent ? "AlertTalk: no answer before the host gave the request up"
                    : "AlertTalk: given up by the host before the request was sent",
           "http.aborted"}};
}

// The host is stopping: nothing is counted against the message.
Delivery stopped(Ticket ticket) {
  return {ticket,
          Answer::failed,
          {outcome::Remedy::unavailable, "AlertTalk: no answer before the route was stopped",
           "http.stopped"}};
}

}  // namespace

CurlAlertTalkClient::CurlAlertTalkClient(AlertTalkSettings settings, Deliver deliver)
    : settings_{std::move(settings)}, deliver_{std::move(deliver)} {
  initialise_libcurl();
  multi_.reset(curl_multi_init());
  if (!multi_) throw std::bad_alloc();
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(settings_.max_in_flight));
  thread_ = std::thread([this] { run(); });
}

CurlAlertTalkClient::~CurlAlertTalkClient() {
  {
    const std::lock_guard lock(mutex_);
    abort_all_ = true;
    quit_ = true;
  }
  curl_multi_wakeup(multi_.get());
  thread_.join();
}

void CurlAlertTalkClient::send(Ticket ticket, const Notification& notification) {
  {
    const std::lock_guard lock(mutex_);
    orders_.push_back({ticket, notification});
    ++open_;
  }
  curl_multi_wakeup(multi_.get());
}

void CurlAlertTalkClient::abort(Ticket ticket) {
  {
    const std::lock_guard lock(mutex_);
    aborts_.push_back(ticket);
  }
  curl_multi_wakeup(multi_.get());
}

void CurlAlertTalkClient::finish(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  if (idle_.wait_for(lock, limit, [this] { return open_ == 0; })) return;
  abort_all_ = true;
  curl_multi_wakeup(multi_.get());
  idle_.wait(lock, [this] { return open_ == 0; });
  abort_all_ = false;
}

void CurlAlertTalkClient::run() {
  std::vector<Delivery> deliveries;
  for (;;) {
    deliveries.clear();
    take_orders(deliveries);
    start_waiting();
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    collect(deliveries);
    if (!deliveries.empty()) deliver_(deliveries);
    {
      const std::lock_guard lock(mutex_);
      open_ -= deliveries.size();
      if (open_ == 0) idle_.notify_all();
      if (open_ == 0 && quit_) return;
    }
    // A round that ended something may start what waits.
    if (deliveries.empty()) curl_multi_poll(multi_.get(), nullptr, 0, longest_wait_ms, nullptr);
  }
}

void CurlAlertTalkClient::take_orders(std::vector<Delivery>& deliveries) {
  std::vector<Ticket> aborts;
  bool abort_all = false;
  {
    const std::lock_guard lock(mutex_);
    std::move(orders_.begin(), orders_.end(), std::back_inserter(waiting_));
    orders_.clear();
    aborts.swap(aborts_);
    abort_all = abort_all_;
  }
  for (const Ticket ticket : aborts) abort_now(ticket, deliveries);
  if (!abort_all) return;
  for (const Order& order : waiting_) deliveries.push_back(stopped(order.ticket));
  waiting_.clear();
  while (!running_.empty()) {
    const Ticket ticket = running_.begin()->first;
    spare_.push_back(end(ticket));
    deliveries.push_back(stopped(ticket));
  }
}

void CurlAlertTalkClient::start_waiting() {
  while (!waiting_.empty() && running_.size() < settings_.max_in_flight) {
    start(waiting_.front());
    waiting_.pop_front();
  }
}

void CurlAlertTalkClient::start(const Order& order) {
  std::unique_ptr<CurlRequest> request;
  if (spare_.empty()) {
    request = std::make_unique<CurlRequest>(settings_);
  } else {
    request = std::move(spare_.back());
    spare_.pop_back();
  }
  request->prepare(order.ticket, order.notification);
  curl_multi_add_handle(multi_.get(), request->handle());
  running_.emplace(order.ticket, std::move(request));
}

std::unique_ptr<CurlRequest> CurlAlertTalkClient::end(Ticket ticket) {
  auto request = std::move(running_.extract(ticket).mapped());
  curl_multi_remove_handle(multi_.get(), request->handle());
  return request;
}

void CurlAlertTalkClient::abort_now(Ticket ticket, std::vector<Delivery>& deliveries) {
  const auto order = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const Order& o) { return o.ticket == ticket; });
  if (order != waiting_.end()) {
    waiting_.erase(order);
    deliveries.push_back(aborted(ticket, false));
  } else if (running_.contains(ticket)) {
    deliveries.push_back(aborted(ticket, running_.at(ticket)->was_sent()));
    spare_.push_back(end(ticket));
  }
}

void CurlAlertTalkClient::collect(std::vector<Delivery>& deliveries) {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode result = message->data.result;  // gone once the handle is removed
    CurlRequest* request = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &request);
    deliveries.push_back(request->finish(result));
    spare_.push_back(end(request->ticket()));
  }
}

}  // namespace notifications
