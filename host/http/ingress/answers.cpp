#include "http/ingress/answers.hpp"

#include <boost/asio/post.hpp>

namespace gantry::http {

void Answers::put(std::shared_ptr<Exchange> exchange) {
  {
    const std::lock_guard lock{mutex_};
    waiting_.push_back(std::move(exchange));
    if (waiting_.size() > 1) return;
  }
  boost::asio::post(io_, [self = shared_from_this()] { self->deliver_all(); });
}

void Answers::deliver_all() {
  std::vector<std::shared_ptr<Exchange>> over;
  {
    const std::lock_guard lock{mutex_};
    over.swap(waiting_);
  }
  for (auto& exchange : over) deliver_(std::move(exchange));
}

}  // namespace gantry::http
