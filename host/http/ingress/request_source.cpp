#include "http/ingress/request_source.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace gantry::http {
namespace {

gantry_bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void fill_delivery(const Exchange& exchange, const config::Route& route, route::Delivery& into) {
  gantry_message& message = into.message;
  message.struct_size = sizeof(gantry_message);
  message.partition = -1;
  message.offset = -1;
  message.timestamp_ms = exchange.arrived_ms;
  message.deadline_ms = static_cast<std::uint32_t>(route.handler_deadline.count());
  if (exchange.has_key) message.key = bytes_of(exchange.key);
  message.value = bytes_of(exchange.body);
  std::size_t size = exchange.key.size() + exchange.body.size();
  for (const auto& [name, value] : exchange.fields) {
    into.headers.push_back({{name.data(), name.size()}, bytes_of(value)});
    size += name.size() + value.size();
  }
  message.headers = into.headers.data();
  message.header_count = into.headers.size();
  into.bytes = static_cast<std::uint32_t>(size);
}

}  // namespace

class RequestSource::Queue final : public route::PartitionQueue {
 public:
  explicit Queue(RequestSource& source) : source_(source) {}
  const std::string& topic() const override { return topic_; }
  std::int32_t number() const override { return -1; }
  std::size_t take(std::span<route::Delivery* const> into) override { return source_.take(into); }

 private:
  RequestSource& source_;
  const std::string topic_;
};

void RequestSource::fill(route::RouteParts& parts) {
  parts.release = release_request;
  parts.succeeded = complete_requests;
  parts.store_reply = store_reply;
  parts.send_dead_letter = refuse_request;
}

void RequestSource::open(route::Route& engine) {
  std::vector<std::unique_ptr<route::PartitionQueue>> queues;
  queues.push_back(std::make_unique<Queue>(*this));
  engine.assigned(std::move(queues));
  const std::lock_guard lock{mutex_};
  engine_ = &engine;
}

void RequestSource::close(config::Milliseconds deadline) {
  route::Route* engine = nullptr;
  std::deque<std::shared_ptr<Exchange>> rest;
  {
    const std::lock_guard lock{mutex_};
    engine = std::exchange(engine_, nullptr);
    rest.swap(waiting_);
  }
  for (const auto& exchange : rest) release_request(exchange.get());
  if (engine == nullptr) return;
  engine->drain(deadline);
  engine->revoked();
}

void RequestSource::wait_until_answered(config::Milliseconds deadline) {
  std::unique_lock lock{mutex_};
  answered_.wait_for(lock, deadline, [this] { return under_way_ == 0; });
}

void RequestSource::over() {
  const std::lock_guard lock{mutex_};
  if (--under_way_ == 0) answered_.notify_all();
}

bool RequestSource::is_open() const {
  const std::lock_guard lock{mutex_};
  return engine_ != nullptr;
}

bool RequestSource::offer(std::shared_ptr<Exchange> exchange,
                          const boost::asio::any_io_executor& server) {
  {
    const std::lock_guard lock{mutex_};
    if (engine_ == nullptr) return false;
    Exchange& offered = *exchange;
    ++under_way_;
    waiting_.push_back(exchange);
    offered.held = std::move(exchange);
  }
  if (!std::exchange(announcing_, true))
    boost::asio::post(server, [self = shared_from_this()] { self->announce(); });
  return true;
}

void RequestSource::announce() {
  announcing_ = false;
  const std::lock_guard lock{mutex_};  // held for wake(): close() ends what engine_ points to
  if (engine_ != nullptr) engine_->wake();
}

void RequestSource::withdraw(Exchange& exchange) {
  const std::lock_guard lock{mutex_};
  const auto at = std::ranges::find(waiting_, &exchange, &std::shared_ptr<Exchange>::get);
  if (at != waiting_.end()) {
    waiting_.erase(at);
    release_request(&exchange);
  } else if (engine_ != nullptr) {
    engine_->withdraw(&exchange);
  }
}

std::size_t RequestSource::take(std::span<route::Delivery* const> into) {
  const std::lock_guard lock{mutex_};
  const std::size_t count = std::min(into.size(), waiting_.size());
  for (route::Delivery* delivery : into.first(count)) {
    Exchange& exchange = *waiting_.front();
    waiting_.pop_front();  // held by itself from here on
    fill_delivery(exchange, route_, *delivery);
    delivery->fetched = &exchange;
  }
  return count;
}

}  // namespace gantry::http
