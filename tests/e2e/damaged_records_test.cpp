// Records that the brokers' disks have damaged, where the client is told to look for that: it
// passes them by, and the host does not.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

using testing::HasSubstr;

class DamagedRecords : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic, {.partitions = 2, .replicas = 1});
    kafka.create_topic(dlq);
    write_main();
    write_probe_route("probe", "consumer = { \"check.crcs\" = true }\n");
  }
  // In the log of partition 0, beneath the broker: its checksum is as before.
  void damage(const std::string& text) const {
    int found = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(KafkaCluster::shared().data())) {
      const auto& path = entry.path();
      if (path.parent_path().filename() != topic + "-0" || path.extension() != ".log") continue;
      const std::size_t at = read_file(path).find(text);
      if (at == std::string::npos) continue;
      std::fstream log(path, std::ios::in | std::ios::out | std::ios::binary);
      log.seekp(static_cast<std::streamoff>(at)) << '!';
      ++found;
    }
    ASSERT_EQ(found, 1);
  }
};

TEST_F(DamagedRecords, are_not_passed_by_and_said_in_health_while_other_partitions_go_on) {
  send("before", "ok", 0);
  const Record damaged = send("damaged", "ok to-be-damaged", 0);
  send("behind", "ok", 0);
  damage("to-be-damaged");
  HostProcess host(files);
  probe_file().wait_for_key("before");
  send("other", "ok", 1);
  probe_file().wait_for_key("other");
  eventually([&] { return host.get("/readyz").body.find("holding") != std::string::npos; }, 60s,
             "the route to say that it holds");
  EXPECT_THAT(host.get("/readyz").body, HasSubstr("partition 0, offset 1"));
  EXPECT_EQ(host.terminate(), 0);
  EXPECT_EQ(kafka.committed(group(), topic)[0], damaged.offset);
  EXPECT_TRUE(probe_file().calls_of("damaged").empty());
  EXPECT_TRUE(probe_file().calls_of("behind").empty());
}

}  // namespace
}  // namespace gantry::test
