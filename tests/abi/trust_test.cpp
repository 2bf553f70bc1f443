// Whose files are loaded: each rule by itself, what the refusal says, and that nothing is loaded
// but what was looked at. What is said of the folders above the test's own, which are whosever this
// checkout is, is left out.
#include "plugin/trust.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "abi/one_handler.hpp"
#include "plugin/private_copy.hpp"

namespace gantry::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uid_t kStranger = 4321;
constexpr uid_t kOwner = 4322;

void write(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

void set_mode(const fs::path& path, mode_t mode) {
  if (chmod(path.c_str(), mode) != 0) throw std::system_error(errno, std::generic_category());
}

class Trusted : public testing::Test {
 protected:
  Trusted() {
    fs::create_directory(folder_);
    set_mode(folder_, 0755);
    write(file_, "library");
    set_mode(file_, 0644);
  }
  // Of the rules that are broken, those of the test's own files, as "message\n  remedy".
  std::vector<std::string> broken(const fs::path& file, uid_t owner = geteuid()) const {
    plugin::Faults faults;
    plugin::open_library(file, {owner, false}, faults);
    std::vector<std::string> own;
    for (const plugin::Fault& fault : faults)
      if (fault.message.starts_with(base_.path().string()))
        own.push_back(fault.message.substr(base_.path().string().size() + 1) + "\n  " +
                      fault.remedy);
    return own;
  }
  void give(const fs::path& path, uid_t user) {
    if (geteuid() != 0) GTEST_SKIP() << "only root can give files to others";
    ASSERT_EQ(lchown(path.c_str(), user, user), 0);
  }
  std::string in_base(const std::string& name) const { return (base_.path() / name).string(); }

  const StateDir base_{GANTRY_TEST_PLUGINS};
  const fs::path folder_ = base_.path() / "plugins";
  const fs::path file_ = folder_ / "libmine.so";
};

TEST_F(Trusted, are_own_files_that_nobody_else_can_write_to) {
  EXPECT_THAT(broken(file_), IsEmpty());
  EXPECT_THAT(broken(folder_ / ".." / "plugins" / "libmine.so"), IsEmpty());
}

TEST_F(Trusted, are_files_of_the_configured_owner) {
  give(file_, kOwner);
  give(folder_, kOwner);
  if (IsSkipped()) return;
  EXPECT_THAT(broken(file_, kOwner), IsEmpty());
}

TEST_F(Trusted, is_no_file_of_somebody_else) {
  give(file_, kStranger);
  if (IsSkipped()) return;
  EXPECT_THAT(broken(file_),
              ElementsAre("plugins/libmine.so belongs to uid 4321, not to root\n  chown root " +
                          file_.string() + ", or name who may own plugins: owner under [plugins]"));
  EXPECT_THAT(broken(file_, kOwner),
              ElementsAre(HasSubstr("belongs to uid 4321, not to root or uid 4322")));
}

TEST_F(Trusted, is_nothing_in_a_folder_of_somebody_else) {
  give(folder_, kStranger);
  if (IsSkipped()) return;
  EXPECT_THAT(broken(file_), ElementsAre(HasSubstr("plugins belongs to uid 4321, not to root")));
}

TEST_F(Trusted, is_no_file_that_its_group_can_write_to) {
  set_mode(file_, 0664);
  EXPECT_THAT(broken(file_),
              ElementsAre("plugins/libmine.so can be written to by its group (mode 0664)\n"
                          "  chmod go-w " +
                          file_.string()));
}

TEST_F(Trusted, is_nothing_in_a_folder_that_everybody_can_write_to) {
  set_mode(folder_, 0757);
  EXPECT_THAT(broken(file_), ElementsAre("plugins can be written to by everybody (mode 0757)\n"
                                         "  chmod go-w " +
                                         folder_.string()));
}

TEST_F(Trusted, is_nothing_below_a_sticky_folder_that_everybody_can_write_to) {
  set_mode(base_.path(), 01777);
  plugin::Faults faults;
  plugin::open_library(file_, {geteuid(), false}, faults);
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(faults.back().message,
            base_.path().string() + " can be written to by everybody (mode 1777)");
  EXPECT_EQ(faults.back().remedy,
            "keep plugins in another folder; nothing below this one is loaded");
}

TEST_F(Trusted, is_no_symbolic_link) {
  fs::create_symlink("libmine.so", folder_ / "link.so");
  EXPECT_THAT(broken(folder_ / "link.so"),
              ElementsAre(AllOf(HasSubstr("plugins/link.so is a symbolic link\n"),
                                HasSubstr("write the path without it, " + file_.string()))));
}

TEST_F(Trusted, is_nothing_behind_a_linked_folder) {
  fs::create_directory_symlink("plugins", base_.path() / "link");
  EXPECT_THAT(broken(base_.path() / "link" / "libmine.so"),
              ElementsAre(AllOf(HasSubstr("link is a symbolic link\n"),
                                HasSubstr("write the path without it, " + file_.string()))));
}

TEST_F(Trusted, is_told_of_in_all_its_faults_at_once) {
  set_mode(folder_, 0775);
  set_mode(file_, 0666);
  EXPECT_THAT(broken(file_), ElementsAre(HasSubstr("plugins can be written to by its group"),
                                         HasSubstr("libmine.so can be written to by everybody")));
}

TEST_F(Trusted, is_what_a_loader_refuses_to_load_without_it_and_it_says_why) {
  fs::copy_file(misbehaving("well-behaved"), folder_ / "libgood.so");
  set_mode(folder_ / "libgood.so", 0646);
  const StateDir state;
  try {
    plugin::Loader(state.path(), {}, {geteuid()}).load(plugin_at(folder_ / "libgood.so"));
    FAIL() << "was loaded";
  } catch (const plugin::LoadError& error) {
    EXPECT_THAT(error.what(), HasSubstr("chmod go-w " + (folder_ / "libgood.so").string()));
  }
  EXPECT_FALSE(fs::exists(state.path() / "loaded")) << "nothing of it was stored";
}

TEST_F(Trusted, is_what_a_loader_for_development_does_without_and_it_says_so) {
  fs::copy_file(misbehaving("well-behaved"), folder_ / "libgood.so");
  set_mode(folder_ / "libgood.so", 0646);
  const StateDir state;
  const auto loaded = loader_in(state).load(plugin_at(folder_ / "libgood.so"));
  ASSERT_FALSE(loaded.untrusted.empty());
  EXPECT_THAT(loaded.untrusted.back().message, HasSubstr("libgood.so can be written to by"));
}

// ---- between the look at a file and the copy of it

TEST_F(Trusted, is_the_file_that_was_looked_at_and_not_what_took_its_place) {
  plugin::Faults faults;
  const plugin::Descriptor looked_at = plugin::open_library(file_, {geteuid(), false}, faults);
  ASSERT_THAT(broken(file_), IsEmpty());
  write(folder_ / "new", "another");
  fs::rename(folder_ / "new", file_);
  EXPECT_EQ(plugin::read_library(looked_at, file_), "library");
}

// Somebody exchanges `path` for something of their own and back, as fast as they can.
class Exchanging {
 public:
  Exchanging(fs::path path, fs::path other) : path_(std::move(path)), other_(std::move(other)) {
    thread_ = std::thread([this] {
      while (!ends_) renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, other_.c_str(), RENAME_EXCHANGE);
    });
  }
  ~Exchanging() {
    ends_ = true;
    thread_.join();
  }

 private:
  const fs::path path_, other_;
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

void expect_only_the_library(const fs::path& file) {
  int loaded = 0, refused = 0;
  for (int i = 0; i < 200'000 && (loaded < 1000 || refused < 1000); ++i) {
    plugin::Faults faults;
    const plugin::Trust trust{geteuid(), true};
    try {
      ASSERT_EQ(plugin::read_library(plugin::open_library(file, trust, faults), file), "library");
      ++loaded;
    } catch (const plugin::LoadError&) {
      ++refused;
    }
  }
  EXPECT_GT(loaded, 0);
  EXPECT_GT(refused, 0);
}

class TrustedMeanwhile : public Trusted {
 protected:
  void SetUp() override {
    if (plugin::Faults faults = plugin::find_foreign_hands(base_.path()); !faults.empty())
      GTEST_SKIP() << "nothing in this checkout is trusted: " << faults[0].message;
  }
};

TEST_F(TrustedMeanwhile, another_file_in_its_place_is_refused_or_not_seen) {
  write(folder_ / "foreign", "foreign");
  set_mode(folder_ / "foreign", 0666);
  const Exchanging exchanging(file_, folder_ / "foreign");
  expect_only_the_library(file_);
}

TEST_F(TrustedMeanwhile, a_link_in_the_place_of_a_folder_is_never_followed) {
  fs::create_directory(base_.path() / "elsewhere");
  write(base_.path() / "elsewhere" / "libmine.so", "foreign");
  fs::create_directory_symlink("elsewhere", base_.path() / "link");
  const Exchanging exchanging(folder_, base_.path() / "link");
  expect_only_the_library(file_);
}

// ---- the folder of the copies

class CopyFolder : public Trusted {
 protected:
  std::string refusal() const {
    try {
      plugin::store_copy("library", "sum", state_, "/libmine.so", true);
      return "";
    } catch (const plugin::LoadError& error) {
      return error.what();
    }
  }
  void SetUp() override { fs::create_directory(state_); }
  const StateDir top_;  // in the temporary folder, which is sticky
  const fs::path state_ = top_.path() / "state";
};

TEST_F(CopyFolder, may_be_in_a_folder_like_tmp) {
  set_mode(top_.path(), 01777);
  set_mode(state_, 0700);
  EXPECT_EQ(refusal(), "");
}

TEST_F(CopyFolder, is_not_below_one_that_others_can_write_to) {
  set_mode(state_, 0770);
  EXPECT_THAT(refusal(), AllOf(HasSubstr(state_.string() + " can be written to by its group"),
                               HasSubstr("state_dir is only for the user who runs this")));
}

TEST_F(CopyFolder, is_not_one_of_somebody_else) {
  give(state_, kStranger);
  if (IsSkipped()) return;
  EXPECT_THAT(refusal(), HasSubstr(state_.string() + " belongs to uid 4321"));
}

TEST_F(CopyFolder, is_the_user_s_own_also_where_somebody_else_has_made_it) {
  fs::create_directory(state_ / "loaded");
  give(state_ / "loaded", kStranger);
  if (IsSkipped()) return;
  EXPECT_THAT(refusal(), HasSubstr("loaded belongs to uid 4321"));
}

}  // namespace
}  // namespace gantry::test
