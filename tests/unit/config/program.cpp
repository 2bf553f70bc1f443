#include "unit/config/program.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace gantry::test {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

[[noreturn]] void become_program(const std::vector<std::string>& arguments,
                                 const std::vector<std::string>& environment, const fs::path& out,
                                 const fs::path& err) {
  if (freopen(out.c_str(), "w", stdout) == nullptr) _exit(126);
  if (freopen(err.c_str(), "w", stderr) == nullptr) _exit(126);
  for (const std::string& variable : environment) putenv(const_cast<char*>(variable.c_str()));
  std::vector<char*> argv{const_cast<char*>(GANTRY_PROGRAM)};
  for (const std::string& one : arguments) argv.push_back(const_cast<char*>(one.c_str()));
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  _exit(127);
}

}  // namespace

Ended run_program(const std::vector<std::string>& arguments,
                  const std::vector<std::string>& environment) {
  std::string folder = (fs::temp_directory_path() / "gantry-program-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder for the output");
  const fs::path out = fs::path(folder) / "out";
  const fs::path err = fs::path(folder) / "err";
  const pid_t child = fork();
  if (child == 0) become_program(arguments, environment, out, err);
  int status = 0;
  waitpid(child, &status, 0);
  Ended ended{WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(out), content_of(err)};
  fs::remove_all(folder);
  return ended;
}

}  // namespace gantry::test
