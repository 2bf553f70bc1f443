#include "observe/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace gantry::observe {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;

prometheus::MetricType type_of(MetricKind kind) {
  switch (kind) {
    case MetricKind::counter:
      return prometheus::MetricType::Counter;
    case MetricKind::gauge:
      return prometheus::MetricType::Gauge;
    default:
      return prometheus::MetricType::Histogram;
  }
}

void put(ClientMetric& metric, MetricKind kind, double value) {
  (kind == MetricKind::counter ? metric.counter.value : metric.gauge.value) = value;
}

void put(ClientMetric& metric, const HistogramSample& sample) {
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < sample.in_bucket.size(); ++i) {
    cumulative += sample.in_bucket[i];
    metric.histogram.bucket.push_back({cumulative, i < sample.bounds.size()
                                                       ? sample.bounds[i]
                                                       : std::numeric_limits<double>::infinity()});
  }
  metric.histogram.sample_count = cumulative;
  metric.histogram.sample_sum = sample.sum;
}

MetricFamily family_of(std::string name, MetricKind kind, std::string help) {
  MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = type_of(kind);
  return family;
}

}  // namespace

struct MetricPage::Families {
  std::vector<MetricFamily> own;
  std::vector<MetricFamily> foreign;

  ClientMetric& add(Metric metric, LabelValues values) {
    const MetricInfo& info = metric_info(metric);
    ClientMetric& sample = own[static_cast<std::size_t>(metric)].metric.emplace_back();
    auto value = values.begin();
    for (const std::string_view label : info.labels) {
      if (label.empty()) continue;
      if (value == values.end()) throw std::logic_error("a metric lacks a label");
      sample.label.push_back({std::string(label), std::string(*value++)});
    }
    return sample;
  }

  ClientMetric& add_foreign(const std::string& name, MetricKind kind, const std::string& help,
                            const std::string& route) {
    if (foreign.empty() || foreign.back().name != name)
      foreign.push_back(family_of(name, kind, help));
    ClientMetric& sample = foreign.back().metric.emplace_back();
    sample.label.push_back({"route", route});
    return sample;
  }
};

MetricPage::MetricPage() : families_(std::make_unique<Families>()) {
  for (const MetricInfo& info : metric_list())
    families_->own.push_back(family_of(std::string(info.name), info.kind, std::string(info.help)));
}

MetricPage::~MetricPage() = default;

void MetricPage::add(Metric metric, LabelValues labels, double value) {
  put(families_->add(metric, labels), metric_info(metric).kind, value);
}

void MetricPage::add(Metric metric, LabelValues labels, const HistogramSample& sample) {
  put(families_->add(metric, labels), sample);
}

void MetricPage::add_foreign(const std::string& name, MetricKind kind, const std::string& help,
                             const std::string& route, double value) {
  put(families_->add_foreign(name, kind, help, route), kind, value);
}

void MetricPage::add_foreign(const std::string& name, const std::string& help,
                             const std::string& route, const HistogramSample& sample) {
  put(families_->add_foreign(name, MetricKind::histogram, help, route), sample);
}

std::string MetricPage::text() const {
  std::vector<MetricFamily> all = families_->own;
  all.insert(all.end(), families_->foreign.begin(), families_->foreign.end());
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace gantry::observe
