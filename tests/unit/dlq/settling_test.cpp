// A letter is written down as settled when the brokers have its copy, and not before.
#include "dlq/settling.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "dlq/replay_plan.hpp"
#include "unit/dlq/letters_for_tests.hpp"

namespace gantry::dlq {
namespace {

using route::PublishStatus;
using testing::SizeIs;

// Records that wait for their answer until the test gives it.
class Brokers : public route::Publisher {
 public:
  void publish(route::OutRecord record,
               std::function<void(const route::PublishResult&)> done) override {
    const std::lock_guard lock{mutex_};
    sent.push_back(std::move(record));
    waiting.push_back(std::move(done));
    most_waiting = std::max(most_waiting, waiting.size());
  }
  void answer(PublishStatus status = PublishStatus::acknowledged, const std::string& error = "") {
    std::function<void(const route::PublishResult&)> done;
    {
      const std::lock_guard lock{mutex_};
      done = std::move(waiting.front());
      waiting.pop_front();
    }
    ++answered;
    done({status, error});
  }
  void answer_all() {
    while (!waiting.empty()) answer();
  }

  std::vector<route::OutRecord> sent;
  std::deque<std::function<void(const route::PublishResult&)>> waiting;
  std::size_t most_waiting = 0;
  std::size_t answered = 0;

 private:
  std::mutex mutex_;
};

class SettlingTest : public testing::Test {
 protected:
  void TearDown() override { brokers_.answer_all(); }
  bool replay(std::int64_t offset = 15) {
    const Letter letter = make_letter(gantry_headers("alert"), offset);
    return settling_.replay(letter, plan_replay(letter, make_config(), 5).copy);
  }

  Brokers brokers_;
  Settling settling_{brokers_, "alice@ops-1"};
};

TEST_F(SettlingTest, writes_a_letter_down_only_when_the_brokers_have_its_copy) {
  EXPECT_TRUE(replay());
  ASSERT_THAT(brokers_.sent, SizeIs(1));
  EXPECT_EQ(brokers_.sent[0].topic, "gantry.replay.alert");
  EXPECT_EQ(settling_.counts().settled, 0u);
  brokers_.answer();
  ASSERT_THAT(brokers_.sent, SizeIs(2));
  EXPECT_EQ(brokers_.sent[1].topic, "DLQ-topic.settled");
  EXPECT_EQ(brokers_.sent[1].key, "0:15");
  EXPECT_EQ(settling_.counts().settled, 0u);
  brokers_.answer();
  EXPECT_EQ(settling_.counts().settled, 1u);
}

TEST_F(SettlingTest, leaves_a_letter_whose_copy_the_brokers_refuse_and_goes_on) {
  replay(15);
  brokers_.answer(PublishStatus::refused, "MSG_SIZE_TOO_LARGE");
  EXPECT_THAT(brokers_.sent, SizeIs(1)) << "it must not be written down";
  EXPECT_TRUE(replay(16));
  EXPECT_EQ(settling_.counts().refused, 1u);
  EXPECT_EQ(settling_.counts().refusal, "MSG_SIZE_TOO_LARGE");
  EXPECT_EQ(settling_.counts().error, "");
}

TEST_F(SettlingTest, begins_nothing_more_once_something_has_failed) {
  replay(15);
  replay(16);
  brokers_.answer(PublishStatus::failed, "_MSG_TIMED_OUT");
  EXPECT_FALSE(replay(17));
  brokers_.answer_all();  // the copy of 16 and its mark
  EXPECT_EQ(settling_.counts().settled, 1u);
  EXPECT_EQ(settling_.counts().error, "_MSG_TIMED_OUT");
}

TEST_F(SettlingTest, takes_a_letter_that_could_not_be_written_down_for_not_settled) {
  replay();
  brokers_.answer();
  brokers_.answer(PublishStatus::refused, "no");
  EXPECT_EQ(settling_.counts().settled, 0u);
  EXPECT_EQ(settling_.counts().error, "no");
}

TEST_F(SettlingTest, discards_without_a_copy) {
  settling_.settle(make_letter(gantry_headers("alert")), Action::discarded);
  ASSERT_THAT(brokers_.sent, SizeIs(1));
  EXPECT_EQ(brokers_.sent[0].topic, "DLQ-topic.settled");
  EXPECT_THAT(*brokers_.sent[0].value, testing::HasSubstr("\"discarded\""));
}

TEST_F(SettlingTest, has_no_more_than_a_thousand_on_their_way) {
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(replay(i));
  std::thread one_more([this] { replay(1000); });
  while (brokers_.answered < 1001) brokers_.answer();  // the copies, and the first mark
  one_more.join();
  EXPECT_EQ(brokers_.most_waiting, 1000u);
}

}  // namespace
}  // namespace gantry::dlq
