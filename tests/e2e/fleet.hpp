// Three hosts of one group, with one route of the probe each: which of them has which partitions,
// and the ways in which a host can go and return. Used on the test's thread.
#pragma once

#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "support/config_files.hpp"
#include "support/host_process.hpp"

namespace gantry::test {

class Fleet {
 public:
  static constexpr int kHosts = 3;
  using Owners = std::map<std::int32_t, int>;  // which host has a partition

  // Of this topic; files() are written by the test.
  Fleet(std::string topic, std::size_t partitions)
      : topic_(std::move(topic)), partitions_(partitions) {}

  ConfigFiles& files(int number) { return files_[number]; }

  void start(int number) { hosts_[number].emplace(files_[number]); }
  void end(int number);  // by SIGTERM, to its end
  void kill(int number) { hosts_[number]->kill9(); }
  void freeze(int number) { hosts_[number]->pause(); }
  void thaw(int number) { hosts_[number]->resume(); }
  // By a reload without the route. Unlike a process that ends it says so to the group, which does
  // not wait for the session.
  void leave(int number);
  void come_back(int number);

  // Until these have all the partitions among them, each of them some.
  void wait_until_shared_by(const std::set<int>& numbers);
  // Until a message is in the hands of its handlers.
  void wait_until_at_work(int number) const;

  // As wait_until_shared_by() has last seen it.
  const Owners& owners() const { return owners_; }
  // How often a partition has gone from one to another.
  int moved() const { return moved_; }

 private:
  boost::json::object route_of(int number) const;
  std::set<std::int32_t> partitions_of(int number) const;

  const std::string topic_;
  const std::size_t partitions_;
  std::array<ConfigFiles, kHosts> files_;
  std::array<std::string, kHosts> whole_;
  std::array<std::optional<HostProcess>, kHosts> hosts_;
  Owners owners_;
  int moved_ = 0;
};

}  // namespace gantry::test
