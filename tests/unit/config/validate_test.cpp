#include "config/validate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "config/load.hpp"
#include "kafka/properties/check.hpp"
#include "unit/config/example_catalog.hpp"

namespace gantry::config {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kHead =
    "[kafka]\n\"bootstrap.servers\" = \"localhost:9092\"\n"
    "[database.main]\ndsn = \"postgresql://gantry:open-sesame@localhost/orders\"\n";

class Validate : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(file_); }

  Config read(const std::string& content) {
    std::ofstream(file_) << kHead << content;
    return load(file_);
  }
  Problems problems_of(Config& config, const Catalog& catalog = example::catalog()) {
    return validate_all(config, catalog, {kafka::check_property, kafka::check_client, {}, true});
  }
  std::string text_of(const std::string& content) {
    std::ofstream(file_) << kHead << content;
    Loaded loaded = load_all(file_);
    add_new(loaded.problems, problems_of(loaded.config));
    std::string all;
    for (const Problem& problem : loaded.problems) all += describe(problem) + "\n";
    return all;
  }

  const std::filesystem::path file_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("gantry-validate-") +
       testing::UnitTest::GetInstance()->current_test_info()->name() + ".toml");
};

const Setting& setting(const Config& config, const char* name) {
  return config.routes.at(0).settings.at(name);
}

constexpr const char* kSaver =
    "[[route]]\nname = \"save\"\nhandler = \"saver\"\ntopics = [\"orders\"]\n"
    "settings = { database = \"main\" }\n";
constexpr const char* kNotifier =
    "[[route]]\nname = \"notify\"\nhandler = \"notifier\"\ntopics = [\"orders\"]\n"
    "settings = { url = \"https://localhost/alert\", ratio = 1 }\n";

TEST_F(Validate, takes_a_configuration_of_everything) {
  Config config = load(GANTRY_FIXTURES "/good/everything.toml");
  EXPECT_EQ(problems_of(config).size(), 0u);
}

TEST_F(Validate, fills_in_the_defaults_of_options) {
  Config config = read(kNotifier);
  validate(config, example::catalog(), kafka::check_property);
  EXPECT_EQ(std::get<std::int64_t>(setting(config, "timeout_ms").value), 3000);
  EXPECT_EQ(std::get<bool>(setting(config, "dry_run").value), false);
  EXPECT_TRUE(std::get<std::vector<std::string>>(setting(config, "codes").value).empty());
}

TEST_F(Validate, makes_a_number_of_an_integer_where_the_option_is_one) {
  Config config = read(kNotifier);
  validate(config, example::catalog(), kafka::check_property);
  EXPECT_EQ(std::get<double>(setting(config, "ratio").value), 1.0);
}

TEST_F(Validate, puts_in_the_connection_string_of_a_database_and_keeps_its_name) {
  Config config = read(kSaver);
  validate(config, example::catalog(), kafka::check_property);
  EXPECT_EQ(std::get<std::string>(setting(config, "database").value),
            "postgresql://gantry:open-sesame@localhost/orders");
  EXPECT_EQ(setting(config, "database").database, "main");
  EXPECT_TRUE(setting(config, "database").secret);
}

TEST_F(Validate, marks_secret_options_and_what_was_interpolated) {
  setenv("GANTRY_TEST_URL", "https://localhost/alert", 1);
  Config config = read(
      "[[route]]\nname = \"notify\"\nhandler = \"notifier\"\ntopics = [\"orders\"]\n"
      "settings = { url = \"${env:GANTRY_TEST_URL}\", token = \"t\" }\n");
  validate(config, example::catalog(), kafka::check_property);
  EXPECT_TRUE(setting(config, "token").secret);
  EXPECT_TRUE(setting(config, "url").secret);
  EXPECT_FALSE(setting(config, "ratio").secret);
}

TEST_F(Validate, takes_the_key_format_of_an_output_from_its_handler) {
  Config config = load(GANTRY_FIXTURES "/good/everything.toml");
  validate(config, example::catalog(), kafka::check_property);
  EXPECT_EQ(config.routes.at(1).outputs.at("copy").key_format, KeyFormat::text);
  EXPECT_EQ(config.routes.at(1).outputs.at("extra").key_format, KeyFormat::int64);
}

TEST_F(Validate, never_tells_a_hidden_value_of_a_property) {
  setenv("GANTRY_TEST_SECRET", "xyzzy-protocol", 1);
  const std::string text =
      text_of("[kafka.consumer]\n\"auto.offset.reset\" = \"${env:GANTRY_TEST_SECRET}\"\n");
  EXPECT_THAT(text, HasSubstr("\"(hidden)\""));
  EXPECT_THAT(text, Not(HasSubstr("xyzzy")));
}

TEST_F(Validate, never_tells_a_hidden_value_of_a_setting) {
  setenv("GANTRY_TEST_SECRET", "xyzzy-mode", 1);
  const std::string text = text_of(
      "[[route]]\nname = \"save\"\nhandler = \"saver\"\ntopics = [\"orders\"]\n"
      "settings = { database = \"main\", mode = \"${env:GANTRY_TEST_SECRET}\" }\n");
  EXPECT_THAT(text, HasSubstr("settings.mode: is not a choice"));
  EXPECT_THAT(text, Not(HasSubstr("xyzzy")));
}

TEST_F(Validate, does_not_blame_a_route_for_a_library_that_failed_to_load) {
  Config config = read(kSaver);
  Checks checks{kafka::check_property, {}, {}, false};
  EXPECT_EQ(validate_all(config, {}, checks).size(), 0u);
  checks.catalog_complete = true;
  EXPECT_EQ(validate_all(config, {}, checks).size(), 1u);
}

TEST_F(Validate, refuses_two_libraries_with_one_handler) {
  Config config = read("");
  Catalog catalog = example::catalog();
  catalog.push_back(catalog.front());
  catalog.back().name = "other";
  const Problems problems = problems_of(config, catalog);
  EXPECT_THAT(describe(problems.at(0)), HasSubstr("in plugin \"example\" and in plugin \"other\""));
}

TEST_F(Validate, refuses_a_plugin_that_is_loaded_twice) {
  Config config = read("");
  Catalog catalog = example::catalog();
  catalog.push_back(catalog.front());
  const Problems problems = problems_of(config, catalog);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(describe(problems[0]), HasSubstr("plugin \"example\" is in"));
}

TEST_F(Validate, refuses_two_migrations_of_one_number) {
  Config config = read("");
  Catalog catalog = example::catalog();
  catalog[0].handlers[1].migrations = {{1, "other", "CREATE TABLE other (id bigint)", "database"}};
  const Problems problems = problems_of(config, catalog);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(describe(problems[0]), HasSubstr("two different migrations number 1"));
}

TEST_F(Validate, tells_of_a_default_that_does_not_fit_its_own_option) {
  Config config = read(kSaver);
  Catalog catalog = example::catalog();
  catalog[0].handlers[0].options[3].fallback = "5000";
  const Problems problems = problems_of(config, catalog);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(describe(problems[0]), HasSubstr("the handler's own default does not fit"));
}

TEST_F(Validate, takes_a_poll_interval_below_librdkafkas_own_session_timeout) {
  Config config = read("[kafka.consumer]\n\"max.poll.interval.ms\" = 30000\n");
  EXPECT_EQ(problems_of(config).size(), 0u);
}

TEST(ConsumerProperties, are_the_routes_over_the_consumers_over_the_shared) {
  Config config;
  config.kafka = {{"a", "shared"}, {"b", "shared"}, {"c", "shared"}};
  config.consumer = {{"b", "consumer"}, {"c", "consumer"}};
  Route route;
  route.consumer = {{"c", "route"}};
  EXPECT_THAT(consumer_properties(config, route),
              testing::ElementsAre(testing::Pair("a", "shared"), testing::Pair("b", "consumer"),
                                   testing::Pair("c", "route")));
}

}  // namespace
}  // namespace gantry::config
