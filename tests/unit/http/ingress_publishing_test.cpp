// What handlers publish for requests: the client has its answer when the brokers have the records.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/http/ingress_server.hpp"

namespace gantry::test {
namespace {

using route::PublishStatus;
using testing::HasSubstr;

class IngressPublishing : public testing::Test {
 protected:
  IngressPublishing() {
    server_.start();
    client_.emplace(server_.port());
    client_->send(post("/payments", "{}"));
    eventually([&] { return route_.records.count() == 1; });
  }
  IngressServer server_;
  TestRoute& route_ = server_.add(http_route("POST", "/payments"),
                                  [](TestRoute& route, Messages messages, gantry_outcome&) {
                                    route.reply(messages[0]->slot, 201, "made");
                                    route.publish(messages[0]->slot, "record");
                                  });
  std::optional<HttpClient> client_;
};

TEST_F(IngressPublishing, is_answered_when_its_record_is_acknowledged) {
  EXPECT_EQ(route_.source->under_way(), 1u) << "answered before";
  route_.records.answer({PublishStatus::acknowledged, ""});
  const Answer answer = client_->receive();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, "made");
}

TEST_F(IngressPublishing, is_answered_500_when_its_record_is_refused_for_good) {
  route_.records.answer(
      {PublishStatus::refused, "MSG_SIZE_TOO_LARGE: Broker: Message size too large"});
  const Answer answer = client_->receive();
  EXPECT_EQ(answer.status, 500);
  EXPECT_THAT(answer.body, HasSubstr("MSG_SIZE_TOO_LARGE"));
}

TEST_F(IngressPublishing, goes_again_when_it_fails_for_now) {
  route::OutRecord record;
  record.topic = "out";
  record.value = "record";
  route_.records.answer({PublishStatus::failed, "no leader", false, &record});
  eventually([&] { return route_.records.count() == 1; });
  route_.records.answer({PublishStatus::acknowledged, ""});
  EXPECT_EQ(client_->receive().status, 201);
}

TEST_F(IngressPublishing, is_answered_503_when_the_route_ends_first) {
  server_.end_routes();
  route_.records.answer({PublishStatus::failed, "the producer is being closed"});
  EXPECT_EQ(client_->receive().status, 503);
}

}  // namespace
}  // namespace gantry::test
