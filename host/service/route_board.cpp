#include "service/route_board.hpp"

#include <utility>

namespace gantry::service {

RouteBoard::Listing::Listing(RouteBoard& board, Tell tell) : board_(board) {
  const std::lock_guard lock{board_.mutex_};
  at_ = board_.tells_.insert(board_.tells_.end(), std::move(tell));
}

RouteBoard::Listing::~Listing() {
  const std::lock_guard lock{board_.mutex_};
  board_.tells_.erase(at_);
}

std::map<std::string, RouteFacts> RouteBoard::facts() const {
  std::map<std::string, RouteFacts> all;
  const std::lock_guard lock{mutex_};
  for (const Tell& tell : tells_) {
    RouteFacts facts = tell();
    std::string name = facts.name;
    all.insert_or_assign(std::move(name), std::move(facts));
  }
  return all;
}

}  // namespace gantry::service
