// gantry.metrics/1 as a plugin calls it: through the ABI and the SDK.
#include "plugin/instruments.hpp"

#include <gtest/gtest.h>

#include <gantry/extensions.hpp>
#include <limits>
#include <optional>
#include <thread>

#include "plugin/host_services.hpp"

namespace gantry::plugin {
namespace {

class NoRoute : public route::Settler {
 public:
  bool settle(gantry_slot, const gantry_outcome&) override { return true; }
};

struct Plugin {
  Plugin(std::shared_ptr<Instruments> all, const std::string& route)
      : services(route, "handler", settler, {{GANTRY_METRICS_V1, &metrics()}}, {}, {},
                 std::move(all)) {}

  NoRoute settler;
  HostServices services;
  Metrics made{services.table(), static_cast<const gantry_metrics_v1*>(services.table()->extension(
                                     services.table(), GANTRY_METRICS_V1))};
};

class MetricsTable : public testing::Test {
 protected:
  std::shared_ptr<Instruments> all = std::make_shared<Instruments>();
  std::optional<Plugin> plugin{std::in_place, all, "coupons"};
};

TEST_F(MetricsTable, counts_sets_and_observes) {
  plugin->made.counter("sold_total", "Coupons sold").add(2);
  plugin->made.counter("sold_total", "Coupons sold").add();
  plugin->made.gauge("stock", "What is left").set(5);
  plugin->made.histogram("size", "Sizes", {1, 10}).observe(10);
  const auto readings = all->all();
  ASSERT_EQ(readings.size(), 3u);
  EXPECT_EQ(readings[0].name, "gantry_plugin_size");
  EXPECT_EQ(readings[0].instrument->buckets(), (std::vector<std::uint64_t>{0, 1, 0}));
  EXPECT_EQ(readings[0].instrument->value(), 10);
  EXPECT_EQ(readings[1].name, "gantry_plugin_sold_total");
  EXPECT_EQ(readings[1].help, "Coupons sold");
  EXPECT_EQ(readings[1].route, "coupons");
  EXPECT_EQ(readings[1].instrument->value(), 3);
  EXPECT_EQ(readings[2].instrument->value(), 5);
}

TEST_F(MetricsTable, leaves_out_what_has_no_meaning) {
  const auto sold = plugin->made.counter("sold_total", "Coupons sold");
  sold.add(-1);
  sold.add(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(all->all()[0].instrument->value(), 0);
  metrics().record(nullptr, 1);
}

TEST_F(MetricsTable, refuses_bad_names_bad_bounds_and_other_kinds) {
  EXPECT_FALSE(plugin->made.counter("", "help"));
  EXPECT_FALSE(plugin->made.counter("with space", "help"));
  EXPECT_FALSE(plugin->made.counter(nullptr, "help"));
  EXPECT_FALSE(plugin->made.histogram("sizes", "help", {2, 1}));
  EXPECT_TRUE(plugin->made.counter("sold_total", "help"));
  EXPECT_FALSE(plugin->made.gauge("sold_total", "help"));
  EXPECT_EQ(plugin->services.misbehaviour().count_of("bad_instrument"), 5u);
}

TEST_F(MetricsTable, is_by_route_and_ends_with_it) {
  Plugin other(all, "vouchers");
  plugin->made.counter("sold_total", "Coupons sold").add(1);
  other.made.counter("sold_total", "Something else").add(2);
  ASSERT_EQ(all->all().size(), 2u);
  EXPECT_EQ(all->all()[1].help, "Coupons sold") << "a name has one help text";
  plugin.reset();
  ASSERT_EQ(all->all().size(), 1u);
  EXPECT_EQ(all->all()[0].route, "vouchers");
}

TEST_F(MetricsTable, goes_on_counting_where_a_new_handler_has_the_routes_name) {
  plugin->made.counter("sold_total", "Coupons sold").add(1);
  Plugin next(all, "coupons");
  next.made.counter("sold_total", "Coupons sold").add(1);
  ASSERT_EQ(all->all().size(), 1u);
  plugin.reset();
  EXPECT_EQ(all->all()[0].instrument->value(), 2);
}

TEST_F(MetricsTable, has_help_of_one_line) {
  plugin->made.counter("sold_total", "Coupons\nsold\\").add();
  EXPECT_EQ(all->all()[0].help, "Coupons sold ");
  plugin->made.gauge("stock", nullptr).set(1);
  EXPECT_FALSE(all->all()[1].help.empty());
}

TEST_F(MetricsTable, loses_nothing_when_threads_count_at_once) {
  const auto sold = plugin->made.counter("sold_total", "Coupons sold");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n) sold.add();
    });
  for (std::thread& one : threads) one.join();
  EXPECT_EQ(all->all()[0].instrument->value(), 40'000);
}

}  // namespace
}  // namespace gantry::plugin
