// One key that fails for long: the partition goes on up to its window, then holds and says so; the
// others go on, memory stays bounded, and all of it is handled in the end.
#include "end_to_end.hpp"

namespace gantry::test {
namespace {

constexpr std::size_t kWindow = 2'000;
constexpr std::size_t kOnePass = 256;  // records are taken from the client in such passes

class Window : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
    write_probe_route("probe", "window_max_offsets = " + std::to_string(kWindow) +
                                   "\nretry = { max_attempts = 100000, backoff_ms = 100 }\n");
  }
  void produce(std::int32_t partition, int count, const std::string& prefix) {
    std::vector<Record> records;
    for (int i = 0; i < count; ++i)
      records.push_back({.topic = topic,
                         .partition = partition,
                         .key = prefix + std::to_string(i),
                         .value = "ok " + std::string(1000, 'x')});
    kafka.produce(records);
  }
  std::size_t handled_of(std::int32_t partition) const {
    std::size_t count = 0;
    for (const ProbeCall& call : probe_file().calls("end"))
      if (call.partition == partition && call.key != "stuck") ++count;
    return count;
  }
};

TEST_F(Window, that_is_full_holds_its_partition_alone_and_resumes) {
  HostProcess host(files);
  send("stuck", "fail-until:" + in_folder("mended"), 0);
  probe_file().wait_for_key("stuck");
  produce(0, 50'000, "behind-");
  produce(1, 10'000, "beside-");
  eventually([&] { return host.get("/readyz").body.find("window_full") != std::string::npos; }, 90s,
             "the route to say that a window is full");
  eventually([&] { return handled_of(1) == 10'000; }, 90s, "the other partition to be handled");
  EXPECT_EQ(host.get("/readyz").status, 200) << "the route still works";
  EXPECT_LE(handled_of(0), kWindow + kOnePass);
  EXPECT_EQ(kafka.committed(group(), topic)[0], 0);
  EXPECT_LT(host.rss_kb(), 256 * 1024);

  touch("mended");
  kafka.wait_until_committed(group(), topic);
  EXPECT_EQ(handled_of(0), 50'000u);
  EXPECT_TRUE(dead_letters().empty());
  eventually([&] { return host.get("/readyz").body.find("window_full") == std::string::npos; }, 60s,
             "the route to say that it goes on");
}

}  // namespace
}  // namespace gantry::test
