#include "plugin/instruments.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "plugin/host_services.hpp"
#include "plugin/text.hpp"

namespace gantry::plugin {
namespace {

using Kind = Instrument::Kind;

constexpr std::size_t kMostName = 200;
constexpr std::size_t kMostHelp = 500;
constexpr std::size_t kMostBounds = 200;

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= kMostName && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool ascend(const std::vector<double>& bounds) {
  return bounds.size() <= kMostBounds &&
         std::ranges::all_of(bounds, [](double bound) { return std::isfinite(bound); }) &&
         std::ranges::adjacent_find(bounds, std::greater_equal<>()) == bounds.end();
}

// One line: it stands behind "# HELP".
std::string help_line(const char* help) {
  std::string line = help == nullptr ? "" : clean_text(help, kMostHelp);
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\\'; }, ' ');
  return line.empty() ? "Of a plugin" : line;
}

void* make(const gantry_host* host, const char* name, Kind kind, const char* help,
           std::vector<double> bounds = {}) {
  return HostServices::of(host).instrument(name == nullptr ? "" : name, kind, help,
                                           std::move(bounds));
}

void* counter(const gantry_host* host, const char* name, const char* help) {
  return make(host, name, Kind::counter, help);
}

void* gauge(const gantry_host* host, const char* name, const char* help) {
  return make(host, name, Kind::gauge, help);
}

void* histogram(const gantry_host* host, const char* name, const char* help, const double* bounds,
                std::size_t count) {
  if (bounds == nullptr) count = 0;
  return make(host, name, Kind::histogram, help, {bounds, bounds + count});
}

void record(void* instrument, double value) {
  if (instrument != nullptr) static_cast<Instrument*>(instrument)->record(value);
}

constexpr gantry_metrics_v1 kTable{sizeof(gantry_metrics_v1), &counter, &gauge, &histogram,
                                   &record};

}  // namespace

const gantry_metrics_v1& metrics() { return kTable; }

Instrument::Instrument(Kind kind, std::vector<double> bounds)
    : kind_(kind), bounds_(std::move(bounds)), buckets_(bounds_.size() + 1) {}

void Instrument::record(double value) noexcept {
  if (kind_ == Kind::gauge) return value_.store(value, std::memory_order_relaxed);
  if (std::isnan(value) || (kind_ == Kind::counter && value < 0)) return;
  if (kind_ == Kind::histogram) {
    const auto bucket = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
    buckets_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  }
  add(value);
}

void Instrument::add(double value) noexcept {
  double before = value_.load(std::memory_order_relaxed);
  while (!value_.compare_exchange_weak(before, before + value, std::memory_order_relaxed)) {
  }
}

std::vector<std::uint64_t> Instrument::buckets() const {
  std::vector<std::uint64_t> counts;
  for (const auto& bucket : buckets_) counts.push_back(bucket.load(std::memory_order_relaxed));
  return counts;
}

std::shared_ptr<Instrument> Instruments::make(const std::string& route, const std::string& name,
                                              Kind kind, const char* help,
                                              std::vector<double> bounds) {
  if (!is_name(name) || !ascend(bounds)) return nullptr;
  const std::lock_guard lock(mutex_);
  Family& family =
      families_.try_emplace(name, Family{.kind = kind, .help = help_line(help), .routes = {}})
          .first->second;
  std::erase_if(family.routes, [](const auto& one) { return one.second.expired(); });
  if (family.routes.empty()) family.kind = kind, family.help = help_line(help);
  if (family.kind != kind) return nullptr;
  std::weak_ptr<Instrument>& known = family.routes[route];
  if (auto instrument = known.lock()) return instrument;
  auto instrument = std::make_shared<Instrument>(kind, std::move(bounds));
  known = instrument;
  return instrument;
}

std::vector<Instruments::Reading> Instruments::all() const {
  std::vector<Reading> readings;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, family] : families_)
    for (const auto& [route, known] : family.routes)
      if (const auto instrument = known.lock())
        readings.push_back({.name = "gantry_plugin_" + name,
                            .help = family.help,
                            .kind = family.kind,
                            .route = route,
                            .instrument = instrument});
  return readings;
}

}  // namespace gantry::plugin
