// Plugins that load and then break the contract: the host counts it, answers for them, and goes on.
#include <functional>

#include "abi/one_handler.hpp"

namespace gantry::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Counts = std::map<std::string, std::uint64_t>;

std::string setup_error_of(const std::string& misdeed) {
  try {
    OneHandler handler(misbehaving(misdeed));
    return "";
  } catch (const plugin::SetupError& error) {
    return error.what();
  }
}

TEST(ContainedPlugin, that_keeps_the_contract_is_not_counted) {
  OneHandler handler(misbehaving("well-behaved"));
  EXPECT_EQ(handler.deliver(), "ok");
  EXPECT_EQ(handler.counts(), Counts{});
}

TEST(ContainedPlugin, that_refuses_its_settings_in_open_is_quoted) {
  EXPECT_THAT(setup_error_of("open-fails"),
              AllOf(HasSubstr("route 'test-route': handler 'misbehaving'"),
                    HasSubstr("libopen-fails.so"), HasSubstr("the template has no placeholder")));
}

TEST(ContainedPlugin, that_refuses_its_settings_in_create_is_quoted) {
  EXPECT_THAT(setup_error_of("create-fails"), HasSubstr("the template has no placeholder"));
}

TEST(ContainedPlugin, that_refuses_without_a_reason_still_gets_an_error_with_a_way_on) {
  EXPECT_THAT(setup_error_of("fails-silently"), HasSubstr("it gave no reason; see the log"));
}

TEST(ContainedPlugin, that_makes_no_instance_is_refused) {
  EXPECT_THAT(setup_error_of("no-instance"), HasSubstr("create returned no instance"));
}

TEST(ContainedPlugin, that_does_not_end_its_error_text_is_cut_at_the_buffer) {
  const std::string error = setup_error_of("unterminated-error");
  EXPECT_THAT(error, HasSubstr(std::string(1024, 'x')));
  EXPECT_EQ(error.find(std::string(1025, 'x')), std::string::npos);
}

TEST(ContainedPlugin, that_throws_from_open_is_refused) {
  EXPECT_THAT(setup_error_of("throws-in-open"), HasSubstr("open threw: thrown in open"));
}

TEST(ContainedPlugin, that_throws_from_create_is_refused) {
  EXPECT_THAT(setup_error_of("throws-in-create"), HasSubstr("create threw: thrown in create"));
}

struct Answer {
  const char* misdeed;
  const char* verdict;
  Counts counts;
};
void PrintTo(const Answer& answer, std::ostream* out) { *out << answer.misdeed; }
class ContainedAnswer : public testing::TestWithParam<Answer> {};

TEST_P(ContainedAnswer, becomes_a_verdict_and_a_count) {
  OneHandler handler(misbehaving(GetParam().misdeed));
  EXPECT_EQ(handler.deliver(), GetParam().verdict);
  EXPECT_EQ(handler.counts(), GetParam().counts);
}

const Answer kAnswers[] = {
    {"throws-in-handle",
     "retry: handler threw: thrown in handle [exception]",
     {{"handle_threw", 1}}},
    {"settles-twice", "ok", {{"settle_refused", 1}}},
    {"settles-foreign", "ok", {{"settle_refused", 1}}},
    {"settles-nonsense", "ok", {{"settle_not_final", 2}, {"settle_without_outcome", 1}}},
    {"pends-undeclared",
     "retry: the handler answered pending, which it does not declare [misbehaviour]",
     {{"pending_undeclared", 1}}},
    {"nonsense-verdict",
     "retry: the handler answered with the unknown verdict 42 [misbehaviour]",
     {{"unknown_verdict", 1}}},
    {"shrinks-outcome",
     "retry: the handler's answer can't be read: it changed struct_size [misbehaviour]",
     {{"outcome_size", 1}}},
};
std::string name_of(const testing::TestParamInfo<Answer>& info) {
  std::string name = info.param.misdeed;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}
INSTANTIATE_TEST_SUITE_P(Each, ContainedAnswer, testing::ValuesIn(kAnswers), name_of);

TEST(ContainedPlugin, that_throws_what_is_no_exception_is_retried) {
  OneHandler handler(misbehaving("throws-in-handle"));
  EXPECT_EQ(handler.deliver("7"),
            "retry: handler threw: an exception that is not a std::exception [exception]");
}

TEST(ContainedPlugin, that_settles_late_changes_nothing) {
  OneHandler handler(misbehaving("settles-late"));
  handler.deliver();
  handler.deliver();
  EXPECT_EQ(handler.verdict_of(1), "ok");
  EXPECT_EQ(handler.count("settle_refused"), 1u);
}

TEST(ContainedPlugin, that_gives_a_garbled_reason_gets_it_cut_and_cleaned) {
  OneHandler handler(misbehaving("garbled-reason"));
  std::string replaced;
  for (int i = 0; i < 333; ++i) replaced += "\xEF\xBF\xBD";
  EXPECT_EQ(handler.deliver(), "reject: " + replaced);
}

TEST(ContainedPlugin, that_reads_its_settings_late_gets_none) {
  OneHandler handler(misbehaving("reads-settings-late"));
  EXPECT_EQ(handler.deliver(), "ok");
  EXPECT_EQ(handler.count("settings_read_late"), 1u);
}

TEST(ContainedPlugin, that_throws_from_cancel_is_counted) {
  OneHandler handler(misbehaving("throws-in-cancel"));
  handler.instance().cancel(1);
  EXPECT_EQ(handler.counts(), (Counts{{"cancel_threw", 1}}));
}

TEST(ContainedPlugin, that_throws_from_drain_is_counted) {
  OneHandler handler(misbehaving("throws-in-drain"));
  handler.instance().drain(std::chrono::milliseconds(1));
  EXPECT_EQ(handler.counts(), (Counts{{"drain_threw", 1}}));
}

TEST(ContainedPlugin, that_throws_from_destroy_is_counted) {
  OneHandler handler(misbehaving("throws-in-destroy"));
  handler.end_instance();
  EXPECT_EQ(handler.counts(), (Counts{{"destroy_threw", 1}}));
}

TEST(ContainedPlugin, that_throws_from_close_does_not_end_the_host) {
  EXPECT_NO_THROW(OneHandler(misbehaving("throws-in-close")));
}

}  // namespace
}  // namespace gantry::test
