// Brings exchanges that are over from the lanes' threads to the server's. Shared by the server and
// every exchange; the server outlives the routes.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "http/ingress/exchange.hpp"

namespace gantry::http {

class Answers : public std::enable_shared_from_this<Answers> {
 public:
  using Deliver = std::function<void(std::shared_ptr<Exchange>)>;  // on the server's thread

  Answers(boost::asio::io_context& io, Deliver deliver) : io_(io), deliver_(std::move(deliver)) {}
  void put(std::vector<std::shared_ptr<Exchange>> exchanges);  // any thread

 private:
  void deliver_all();

  boost::asio::io_context& io_;
  const Deliver deliver_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Exchange>> waiting_;  // not empty: deliver_all() is on its way
};

}  // namespace gantry::http
