// The file of a plugin is overwritten, cut or deleted while the host runs: it works from a private
// copy.
#include <filesystem>
#include <fstream>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

namespace fs = std::filesystem;

class PluginFiles : public EndToEnd {
 protected:
  void SetUp() override {
    kafka.create_topic(topic, {.partitions = 1});
    kafka.create_topic(dlq);
    fs::copy_file(fs::path(GANTRY_PROBE_DIR) / "libprobe.so", library);
    files.set("PROBE_DIR", library.parent_path().string());
    write_main();
    // Several lanes: the instances of all of them, and the code that makes them, must be mapped
    // already or stay readable.
    files.route("probe", R"(
[[plugin]]
library = "libprobe.so"
[[route]]
name = "probe"
handler = "probe"
topics = ["@TOPIC@"]
settings = { file = "@FOLDER@/probe.calls" }
)");
  }
  void expect_still_at_work(HostProcess& host) {
    send("after", "ok");
    send("after-throw", "throw");
    probe_file().wait_for_key("after");
    probe_file().wait_for_key("after-throw",
                              "begin");  // no end: unwinding through the library works too
    EXPECT_TRUE(host.running());
    EXPECT_EQ(host.terminate(), 0);
  }
  void start_and_handle_one(HostProcess& host) {
    send("before", "ok");
    probe_file().wait_for_key("before");
    EXPECT_TRUE(host.running());
  }

  const fs::path library = libraries / "libprobe.so";
};

TEST_F(PluginFiles, an_overwritten_library_does_not_disturb_a_running_host) {
  HostProcess host(files);
  start_and_handle_one(host);
  const auto size = fs::file_size(library);
  std::fstream file(library, std::ios::in | std::ios::out | std::ios::binary);  // the same inode
  file << std::string(size, '\xcc');
  file.close();
  expect_still_at_work(host);
}

TEST_F(PluginFiles, a_library_cut_to_nothing_does_not_disturb_a_running_host) {
  HostProcess host(files);
  start_and_handle_one(host);
  fs::resize_file(library, 0);
  expect_still_at_work(host);
}

TEST_F(PluginFiles, a_deleted_library_does_not_disturb_a_running_host) {
  HostProcess host(files);
  start_and_handle_one(host);
  fs::remove(library);
  expect_still_at_work(host);
}

}  // namespace
}  // namespace gantry::test
