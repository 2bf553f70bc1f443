#include "embedded/private_folder.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <system_error>

#include "embedded/log_file.hpp"

namespace gantry::embedded {
namespace fs = std::filesystem;
namespace {

constexpr char kClean = 'c';

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

fs::path make_folder(const std::string& stem) {
  std::string name = (fs::temp_directory_path() / (stem + "-XXXXXX")).string();
  if (mkdtemp(name.data()) == nullptr) {
    fail("no private folder can be made, " + name + " (TMPDIR names another place)");
  }
  // Started by root, the database server runs as another user and has to pass through.
  if (geteuid() == 0 && chmod(name.c_str(), 0711) != 0) fail("chmod " + name);
  return name;
}

// A server that is just ending may still write: until it is really gone, for ten seconds at most.
void remove_folder(const fs::path& folder) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    std::error_code error;
    fs::remove_all(folder, error);
    if (!fs::exists(folder, error)) return;
    usleep(50'000);
  }
}

// The keeper: a process without threads, in a session of its own, so that Ctrl-C does not reach it.
[[noreturn]] void keep(int pipe, const fs::path& folder, const std::string& log_name) {
  setsid();
  prctl(PR_SET_NAME, "gantry-keeper");
  char last = 0;
  while (read(pipe, &last, 1) < 0 && errno == EINTR) {
  }
  if (last != kClean) {
    std::cerr << "gantry: the process was ended from outside, or crashed\n"
              << last_lines(folder / log_name) << std::flush;
  }
  remove_folder(folder);
  _exit(0);
}

}  // namespace

PrivateFolder::PrivateFolder(const std::string& stem, const std::string& log_name)
    : path_(make_folder(stem)) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
  std::cout.flush();
  keeper_ = fork();
  if (keeper_ < 0) fail("fork");
  if (keeper_ == 0) {
    close(ends[1]);
    keep(ends[0], path_, log_name);
  }
  close(ends[0]);
  keeper_pipe_ = ends[1];
}

PrivateFolder::~PrivateFolder() {
  [[maybe_unused]] const ssize_t told = write(keeper_pipe_, &kClean, 1);
  close(keeper_pipe_);
  waitpid(keeper_, nullptr, 0);
  std::error_code ignored;
  fs::remove_all(path_, ignored);  // where the keeper itself was ended
}

}  // namespace gantry::embedded
