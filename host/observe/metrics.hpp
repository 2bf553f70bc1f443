// The text of /metrics, over prometheus-cpp's. Nothing is counted here: whoever answers a scrape
// reads the numbers where they are counted and puts them in. One page a scrape, one thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "observe/metric_list.hpp"

namespace gantry::observe {

struct HistogramSample {
  std::vector<double> bounds;            // upper ones, ascending, without infinity
  std::vector<std::uint64_t> in_bucket;  // not cumulative; one more than bounds
  double sum = 0;
};

class MetricPage {
 public:
  using LabelValues = std::initializer_list<std::string_view>;  // in the order of the list's names

  MetricPage();
  ~MetricPage();
  MetricPage(const MetricPage&) = delete;
  MetricPage& operator=(const MetricPage&) = delete;

  void add(Metric metric, LabelValues labels, double value);
  void add(Metric metric, LabelValues labels, const HistogramSample& sample);

  // Of a plugin: with the one label `route`. Those of one name stand behind each other.
  void add_foreign(const std::string& name, MetricKind kind, const std::string& help,
                   const std::string& route, double value);
  void add_foreign(const std::string& name, const std::string& help, const std::string& route,
                   const HistogramSample& sample);

  std::string text() const;
  static constexpr const char* content_type = "text/plain; version=0.0.4; charset=utf-8";

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace gantry::observe
