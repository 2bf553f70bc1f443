// The topics that the configuration declares: makes what is missing, tells what differs, changes
// nothing that exists. Owned by whoever starts the host; each call waits for the brokers on its
// caller's thread, one call at a time.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/model.hpp"

namespace gantry::kafka {

struct TopicState {
  int partitions = 0;
  int replicas = 0;           // of the partition that has the fewest
  config::Properties config;  // what holds for the topic, the brokers' defaults included
};

// "min.insync.replicas" of "trace-topic" is declared as "2" and is "1". what: also "partitions" and
// "replicas".
struct TopicDifference {
  std::string topic;
  std::string what;
  std::string declared;
  std::string actual;
};

// What of a declared topic is another one in the brokers' hands. Pure.
std::vector<TopicDifference> differences(const config::Topic& declared, const TopicState& actual);

struct TopicProblem {
  std::string topic;
  std::string text;       // what is wrong and what to do
  bool may_pass = false;  // too few brokers yet, a controller that changes: ask again later
};

struct TopicReport {
  std::vector<std::string> created;
  std::vector<TopicDifference> differences;  // the host can go on with these
  std::vector<TopicProblem> problems;        // routes of these topics can't
};

// No answer to the question as a whole.
class AdminError : public std::runtime_error {
 public:
  enum class Kind {
    unreachable,  // no broker answers: wait and ask again
    refused       // they answer, and say no: credentials, TLS, rights
  };
  AdminError(Kind kind, const std::string& text) : std::runtime_error(text), kind_(kind) {}
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

class Admin {
 public:
  using Timeout = std::chrono::milliseconds;

  // Of [kafka]. std::runtime_error when librdkafka does not take a property. Does not wait for
  // brokers.
  explicit Admin(const config::Config& config);
  ~Admin();
  Admin(const Admin&) = delete;
  Admin& operator=(const Admin&) = delete;

  // All three throw AdminError. A topic that does not exist, or that this user may not see, is left
  // out.
  std::map<std::string, TopicState> topics(const std::set<std::string>& names, Timeout timeout);
  std::map<std::string, int> partition_counts(const std::set<std::string>& names, Timeout timeout);

  // Makes the declared topics that are missing and waits for their leaders; compares those that are
  // there; of `used` topics that nobody declares tells which are missing.
  TopicReport ensure(const std::map<std::string, config::Topic>& declared,
                     const std::set<std::string>& used = {},
                     Timeout timeout = std::chrono::seconds(30));

 private:
  class Client;
  std::unique_ptr<Client> client_;
};

}  // namespace gantry::kafka
