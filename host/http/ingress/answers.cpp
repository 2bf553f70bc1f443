#include "http/ingress/answers.hpp"

#include <boost/asio/post.hpp>
#include <iterator>

namespace gantry::http {

void Answers::put(std::vector<std::shared_ptr<Exchange>> exchanges) {
  {
    const std::lock_guard lock{mutex_};
    const bool on_its_way = !waiting_.empty();
    waiting_.insert(waiting_.end(), std::make_move_iterator(exchanges.begin()),
                    std::make_move_iterator(exchanges.end()));
    if (on_its_way) return;
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
