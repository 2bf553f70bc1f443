// A host that dies between the commit of a payment and its publication, and between the brokers'
// acknowledgement and the row's deletion: the event is published, and what follows from it happens
// once.
#include <set>

#include "shop.hpp"

namespace gantry::test {
namespace {

class OutboxFaults : public Shop {
 protected:
  void SetUp() override { open(); }

  // A payment on a host that dies there, the client's repeat on one that does not.
  void pay_across_a_crash(const std::string& fault_point) {
    create_order(1);
    {
      HostProcess dying(files, {{"GANTRY_FAULT_POINT", fault_point}}, GANTRY_FAULTY);
      dying.wait_until_ready();
      pay(1);  // the answer may come before the end or not
      EXPECT_EQ(dying.wait_for_end(), 128 + SIGKILL);
    }
    EXPECT_EQ(database.count("gantry_outbox"), 1);
    HostProcess host(files);
    host.wait_until_ready();
    EXPECT_EQ(pay(1).status, 200);
    wait_until_settled();
    EXPECT_EQ(database.count("saved_orders"), 1);
    EXPECT_EQ(database.count("notifications WHERE state = 'SENT'"), 1);
    // The host may have died in the middle of a request: the repeat is known by its key.
    std::set<std::string> keys;
    for (const AlertRequest& request : alert_talk.requests()) keys.insert(request.idempotency_key);
    EXPECT_EQ(keys.size(), 1u);
    EXPECT_FALSE(keys.contains(""));
    EXPECT_TRUE(dead_letters().empty());
  }
};

TEST_F(OutboxFaults, dying_before_the_publication_publishes_once) {
  pay_across_a_crash("outbox.before-publish");
  EXPECT_EQ(kafka.consume_all(topic).size(), 1u);
}

TEST_F(OutboxFaults, dying_before_the_deletion_publishes_twice_with_one_effect) {
  pay_across_a_crash("outbox.before-delete");
  EXPECT_EQ(kafka.consume_all(topic).size(), 2u);
}

}  // namespace
}  // namespace gantry::test
