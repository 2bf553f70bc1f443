// Malformed and huge payloads through the whole host: each becomes one dead letter with its own
// bytes and a reason, and the good ones between them are saved.
#include <filesystem>
#include <set>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

namespace fs = std::filesystem;

class Payloads : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq, {.config = {{"max.message.bytes", "1114124"}}});
    write_main(database_table(database) + "[kafka.producer]\n\"message.max.bytes\" = 1114124\n");
    files.route("order-saver", R"(
[[plugin]]
library = "liborder-saver.so"
[[route]]
name = "order-saver"
handler = "order-saver"
topics = ["@TOPIC@"]
settings = { database = "main" }
)");
    apply_migrations();
  }
  void wait_until_done() { kafka.wait_until_committed(group("order-saver"), topic); }

  Database database = Postgres::shared().create_database();
};

TEST_F(Payloads, every_malformed_one_is_a_dead_letter_and_its_good_neighbours_are_saved) {
  std::multiset<Bytes> bad;
  std::vector<Record> records;
  for (const auto& file : fs::directory_iterator(fs::path(GANTRY_PAYLOADS) / "bad")) {
    const std::string name = file.path().filename().string();
    const auto order = static_cast<std::int64_t>(bad.size()) + 1000;
    bad.insert(read_file(file.path()));
    records.push_back({.topic = topic, .key = name, .value = read_file(file.path())});
    records.push_back({.topic = topic, .key = name, .value = order_event(order, "after-" + name)});
  }
  ASSERT_GE(bad.size(), 30u);
  kafka.produce(records);
  HostProcess host(files);
  wait_until_done();
  EXPECT_EQ(database.count("saved_orders"), static_cast<std::int64_t>(bad.size()));
  std::multiset<Bytes> buried;
  for (const Record& letter : dead_letters()) {
    buried.insert(letter.value);
    EXPECT_EQ(letter.header("gantry.reason"), "rejected") << *letter.key;
    EXPECT_FALSE(letter.header("gantry.error").value_or("").empty()) << *letter.key;
  }
  EXPECT_EQ(buried, bad);
}

TEST_F(Payloads, a_tombstone_and_one_as_large_as_the_topic_takes_are_dead_letters) {
  const std::string huge(1048400, '{');
  kafka.produce({.topic = topic, .key = "huge", .value = huge});
  kafka.produce({.topic = topic, .key = "tombstone", .value = std::nullopt});
  send("good", order_event(1, "good"));
  HostProcess host(files);
  wait_until_done();
  std::map<Bytes, Bytes> letters;
  for (const Record& letter : dead_letters()) letters[letter.key] = letter.value;
  EXPECT_EQ(letters.size(), 2u);
  EXPECT_TRUE(letters["huge"] == huge);
  EXPECT_EQ(letters["tombstone"], std::nullopt);
  EXPECT_EQ(database.count("saved_orders"), 1);
}

}  // namespace
}  // namespace gantry::test
