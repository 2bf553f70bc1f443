// gantry.metrics/1: what handlers measure themselves. One Instruments for the process: a name has
// one kind and one help text, and on each route an instrument that lives as long as a handler there
// has it. Any thread; recording takes no lock.
#pragma once

#include <gantry/abi.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace gantry::plugin {

class Instrument {
 public:
  enum class Kind { counter, gauge, histogram };

  Instrument(Kind kind, std::vector<double> bounds);
  // Adds to a counter, sets a gauge, observes in a histogram. What has no meaning there (below 0,
  // not a number) is left out.
  void record(double value) noexcept;

  double value() const { return value_.load(std::memory_order_relaxed); }  // a histogram's: its sum
  const std::vector<double>& bounds() const { return bounds_; }
  std::vector<std::uint64_t> buckets() const;  // not cumulative; one more than bounds

 private:
  void add(double value) noexcept;

  const Kind kind_;
  const std::vector<double> bounds_;
  std::vector<std::atomic<std::uint64_t>> buckets_;
  std::atomic<double> value_{0};
};

class Instruments {
 public:
  // nullptr: `name` is no part of a metric's name, another kind has it, or `bounds` do not ascend.
  std::shared_ptr<Instrument> make(const std::string& route, const std::string& name,
                                   Instrument::Kind kind, const char* help,
                                   std::vector<double> bounds = {});

  struct Reading {
    std::string name;  // with gantry_plugin_
    std::string help;
    Instrument::Kind kind;
    std::string route;
    std::shared_ptr<const Instrument> instrument;
  };
  std::vector<Reading> all() const;  // by name and route

 private:
  struct Family {
    Instrument::Kind kind;
    std::string help;
    std::map<std::string, std::weak_ptr<Instrument>> routes;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Family> families_;
};

// For the Extensions of every route.
const gantry_metrics_v1& metrics();

}  // namespace gantry::plugin
