// Brings the topics into being before anything consumes: creates the declared ones that are missing
// and those through which dead letters are replayed, and counts the partitions, from which the
// memory of the consumers is shared out. A thread of its own asks until all is well, however long
// the brokers are away; the others ask it from any thread.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "config/model.hpp"
#include "kafka/admin.hpp"
#include "kafka/consumer.hpp"

namespace gantry::service {

class TopicSetup {
 public:
  explicit TopicSetup(std::shared_ptr<const config::Config> config);
  ~TopicSetup();

  void start();
  void stop();  // waits for the question under way
  // What the brokers are asked for from now on: its topics and routes. Any thread.
  void use(std::shared_ptr<const config::Config> config);

  // What a route that reads these topics waits for; empty: nothing.
  std::string missing(const std::vector<std::string>& topics) const;
  // The share of each partition of this route, once nothing is missing any more; the route holds it
  // until give_back().
  kafka::Prefetch prefetch(const config::Route& route);
  void give_back(const std::string& route);

 private:
  void run();
  bool ask(const std::shared_ptr<const config::Config>& about);  // whether all is well
  bool make_replay_topics(const config::Config& config);
  bool made(const kafka::TopicReport& replay_topics);
  void tell(const kafka::TopicReport& report);
  std::size_t partitions_of(const config::Route& route) const;

  kafka::Admin admin_;
  mutable std::mutex mutex_;
  std::shared_ptr<const config::Config> config_;
  std::condition_variable changed_;
  bool ends_ = false;
  std::map<std::string, std::int64_t> held_kbytes_;  // of the prefetch, by route
  std::map<std::string, int> partitions_;            // of the topics that can be read
  std::map<std::string, std::string> problems_;      // of the others
  std::string error_;
  std::set<std::string> told_;  // findings that are in the log already; of run()
  std::thread thread_;
};

}  // namespace gantry::service
