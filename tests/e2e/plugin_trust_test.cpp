// A library that somebody else could have changed is loaded by no command that counts, and what is
// said of it mends it.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "end_to_end.hpp"

namespace gantry::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr int kBadConfiguration = 78;

class PluginTrust : public EndToEnd {
 protected:
  void SetUp() override {
    fs::copy_file(fs::path(GANTRY_PROBE_DIR) / "libprobe.so", library);
    files.set("PROBE_DIR", libraries.path().string());
    kafka.create_topic(topic);
    kafka.create_topic(dlq);
    write_main();
    write_probe_route();
  }
  void let_everybody_write() {
    fs::permissions(library, fs::perms::group_write | fs::perms::others_write,
                    fs::perm_options::add);
  }
  void expect_refused(const std::string& why, const std::string& remedy) {
    for (const auto& words : {std::vector<std::string>{"run"}, {"check"}, {"plugins"}}) {
      const Finished refused = command(words);
      EXPECT_EQ(refused.exit_code, kBadConfiguration) << words[0] << '\n' << refused.output;
      EXPECT_THAT(refused.output, AllOf(HasSubstr(why), HasSubstr(remedy))) << words[0];
    }
  }
  void expect_at_work() {
    HostProcess host(files);
    send("a", "ok");
    probe_file().wait_for_key("a");
    EXPECT_EQ(host.terminate(), 0);
  }
  const fs::path library = libraries / "libprobe.so";
};

TEST_F(PluginTrust,
       of_a_library_that_everybody_can_write_to_is_mended_by_the_command_that_is_told) {
  let_everybody_write();
  expect_refused(library.string() + " can be written to by everybody (mode 0777)",
                 "chmod go-w " + library.string());
  fs::permissions(library, fs::perms::group_write | fs::perms::others_write,
                  fs::perm_options::remove);
  expect_at_work();
}

TEST_F(PluginTrust, is_for_real_paths_only) {
  fs::rename(library, libraries / "libprobe.so.1");
  fs::create_symlink("libprobe.so.1", library);
  expect_refused(library.string() + " is a symbolic link", (libraries / "libprobe.so.1").string());
}

TEST_F(PluginTrust, reaches_whom_the_configuration_names) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files to others";
  ASSERT_EQ(chown(library.c_str(), 65534, 65534), 0);
  expect_refused("belongs to nobody, not to root", "chown root " + library.string());
  std::string text = read_file(files.file());
  text.insert(text.find("[plugins]\n") + 10, "owner = \"nobody\"\n");
  write_file(files.file(), text);
  EXPECT_THAT(command({"check"}).output, HasSubstr("plugins of   root or nobody\n"));
  expect_at_work();
}

TEST_F(PluginTrust, in_a_pinned_content_ends_when_it_changes) {
  const Finished sum = run_program({"sha256sum", library.string()}, 60s);
  const std::string pinned = sum.output.substr(0, 64);
  std::string text = read_file(files.folder() / "routes.d/probe.toml");
  text.insert(text.find("[[plugin]]\n") + 11, "sha256 = \"" + pinned + "\"\n");
  write_file(files.folder() / "routes.d/probe.toml", text);
  expect_at_work();
  write_file(library, read_file(library) + "more");
  expect_refused("not the configured " + pinned, "write its own sum to `sha256`");
}

TEST_F(PluginTrust, is_not_asked_for_a_file_that_somebody_wants_to_look_into) {
  let_everybody_write();
  const Finished listed = run_gantry({"plugins", library.string()});
  EXPECT_EQ(listed.exit_code, 0);
  EXPECT_THAT(listed.output, AllOf(HasSubstr("handler probe"),
                                   HasSubstr("gantry run would refuse it: " + library.string())));
}

}  // namespace
}  // namespace gantry::test
