// A route's handler through the ABI, with handler types of this program: lifetimes, settings,
// services.
#include "plugin/handler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <gantry/handler.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace gantry::plugin {
namespace {

struct Recorder : route::Settler {
  std::vector<gantry_slot> slots;
  std::string reason;
  bool settle(gantry_slot slot, const gantry_outcome& outcome) override {
    slots.push_back(slot);
    reason =
        std::string(outcome.reason.data == nullptr ? "" : outcome.reason.data, outcome.reason.size);
    return true;
  }
};

config::OptionType option_type(std::uint32_t type) {
  return type == GANTRY_BOOL        ? config::OptionType::boolean
         : type == GANTRY_INTEGER   ? config::OptionType::integer
         : type == GANTRY_NUMBER    ? config::OptionType::number
         : type == GANTRY_TEXT_LIST ? config::OptionType::text_list
                                    : config::OptionType::text;
}

// A route of the class T, as if its library had been loaded.
template <class T>
class RouteOf {
 public:
  explicit RouteOf(config::Route route = {}) {
    spec_.id = type_.id;
    for (std::size_t i = 0; i < type_.option_count; ++i) {
      spec_.options.push_back({type_.options[i]->name, "", std::nullopt, "",
                               option_type(type_.options[i]->type), false});
    }
    loaded_.spec.name = "in-this-program";
    route.name = "test-route";
    bound.emplace(HandlerRef{&loaded_, &spec_, &type_}, route, settler, extensions);
  }

  static inline Extensions extensions;
  Recorder settler;

 private:
  gantry_handler_type type_ = detail::type_of(handler<T>("test"));
  config::HandlerSpec spec_;
  LoadedPlugin loaded_;

 public:
  std::optional<BoundHandler> bound;
};

gantry_outcome handle(route::HandlerInstance& instance, gantry_slot slot = 1) {
  gantry_message message{};
  message.struct_size = sizeof message;
  message.slot = slot;
  const gantry_message* const messages[] = {&message};
  gantry_outcome rest{};
  instance.handle(messages, rest);
  return rest;
}

struct Lives {
  static inline std::vector<std::string> events;
  struct Shared {
    Shared() { events.push_back("open"); }
    ~Shared() { events.push_back("close"); }
  };
  Lives(const Context&, Shared&) { events.push_back("create"); }
  ~Lives() { events.push_back("destroy"); }
  Verdict handle(const Message&) { return ok(); }
};

TEST(BoundHandler, closes_what_is_shared_after_the_last_instance) {
  Lives::events.clear();
  {
    RouteOf<Lives> route;
    auto one = route.bound->create();
    auto two = route.bound->create();
  }
  EXPECT_EQ(Lives::events,
            (std::vector<std::string>{"open", "create", "create", "destroy", "destroy", "close"}));
}

TEST(BoundHandler, never_destroys_an_abandoned_instance_nor_closes_what_it_uses) {
  Lives::events.clear();
  {
    RouteOf<Lives> route;
    auto one = route.bound->create();
    abandon(route.bound->create());
  }
  EXPECT_EQ(Lives::events, (std::vector<std::string>{"open", "create", "create", "destroy"}));
}

struct KeepsSlot {
  static constexpr bool may_pend = true;
  static inline Slot kept;
  Verdict handle(const Message& message) {
    kept = message.slot();
    return pending();
  }
};

TEST(BoundHandler, refuses_what_an_abandoned_instance_settles_after_its_route_has_ended) {
  {
    RouteOf<KeepsSlot> route;
    auto instance = route.bound->create();
    EXPECT_EQ(handle(*instance).verdict, GANTRY_PENDING);
    abandon(std::move(instance));
  }
  EXPECT_FALSE(KeepsSlot::kept.settle(ok()));
}

TEST(BoundHandler, passes_a_late_settle_of_another_thread_to_the_route) {
  RouteOf<KeepsSlot> route;
  auto instance = route.bound->create();
  handle(*instance, 77);
  bool taken = false;
  std::thread([&] { taken = KeepsSlot::kept.settle(reject("late news")); }).join();
  EXPECT_TRUE(taken);
  EXPECT_EQ(route.settler.slots, std::vector<gantry_slot>{77});
  EXPECT_EQ(route.settler.reason, "late news");
}

struct TellsTraits {
  static constexpr bool may_pend = true, orders_within_batch = true;
  static constexpr int max_batch = 64;
  Verdict handle_batch(Batch&) { return ok(); }
};

TEST(BoundHandler, tells_the_traits_of_its_handler) {
  const RouteOf<TellsTraits> route;
  const route::HandlerTraits traits = route.bound->traits();
  EXPECT_EQ(traits.max_batch, 64u);
  EXPECT_TRUE(traits.may_pend);
  EXPECT_TRUE(traits.orders_within_batch);
}

struct ReadsSettings {
  static constexpr auto options =
      gantry::options(boolean("flag", "-"), integer("whole", "-"), number("real", "-"),
                      text("word", "-"), text_list("words", "-"));
  static inline std::function<void(const Context&)> read;
  explicit ReadsSettings(const Context& context) { read(context); }
  Verdict handle(const Message&) { return ok(); }
};

void read_settings(const std::map<std::string, config::SettingValue>& values,
                   const std::function<void(const Context&)>& read) {
  config::Route route;
  for (const auto& [name, value] : values) route.settings[name].value = value;
  ReadsSettings::read = read;
  RouteOf<ReadsSettings>(route).bound->create();
}

TEST(Settings, are_read_by_type) {
  read_settings({{"flag", true},
                 {"whole", std::int64_t{-7}},
                 {"real", 0.5},
                 {"word", std::string("a\0b", 3)},
                 {"words", std::vector<std::string>{"x", "y"}}},
                [](const Context& context) {
                  EXPECT_TRUE(context.boolean("flag"));
                  EXPECT_EQ(context.integer("whole"), -7);
                  EXPECT_EQ(context.number("real"), 0.5);
                  EXPECT_EQ(context.text("word"), std::string("a\0b", 3));
                  EXPECT_EQ(context.text_list("words"), (std::vector<std::string>{"x", "y"}));
                });
}

TEST(Settings, of_whole_numbers_are_taken_as_numbers_too) {
  read_settings({{"whole", std::int64_t{3}}, {"real", std::int64_t{4}}},
                [](const Context& context) {
                  EXPECT_EQ(context.number("whole"), 3.0);
                  EXPECT_EQ(context.number("real"), 4.0);
                });
}

TEST(Settings, of_another_type_are_not_given) {
  read_settings({{"whole", std::int64_t{3}}, {"word", std::string("w")}, {"real", std::int64_t{4}}},
                [](const Context& context) {
                  EXPECT_THROW(context.text("whole"), std::invalid_argument);
                  EXPECT_THROW(context.integer("word"), std::invalid_argument);
                  EXPECT_THROW(context.integer("real"), std::invalid_argument);
                  EXPECT_THROW(context.integer("unknown"), std::invalid_argument);
                });
}

struct NeedsMetrics {
  explicit NeedsMetrics(const Context& context) { context.extension<Metrics>(); }
  Verdict handle(const Message&) { return ok(); }
};

TEST(Services, that_are_absent_refuse_a_handler_that_needs_them_by_name) {
  RouteOf<NeedsMetrics> route;
  try {
    route.bound->create();
    FAIL() << "was created";
  } catch (const SetupError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("is not offered gantry.metrics/1"));
  }
}

TEST(Services, that_the_host_offers_are_found_by_id) {
  static constexpr gantry_metrics_v1 table{sizeof(gantry_metrics_v1), nullptr, nullptr, nullptr,
                                           nullptr};
  RouteOf<NeedsMetrics>::extensions = {{GANTRY_METRICS_V1, &table}};
  RouteOf<NeedsMetrics> route;
  EXPECT_NO_THROW(route.bound->create());
}

}  // namespace
}  // namespace gantry::plugin
