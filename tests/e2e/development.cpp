#include "development.hpp"

#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "support/host_process.hpp"

namespace gantry::test {
namespace fs = std::filesystem;
namespace {

std::vector<pid_t> processes() {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid > 0) found.push_back(pid);
  }
  return found;
}

// The environment is inherited by whoever is started, and gone when a process has ended.
bool has_in_environment(pid_t pid, const std::string& text) {
  return read_file("/proc/" + std::to_string(pid) + "/environ").find(text) != std::string::npos;
}

std::string name_of(pid_t pid) {
  std::string name = read_file("/proc/" + std::to_string(pid) + "/comm");
  if (!name.empty()) name.pop_back();
  return name;
}

}  // namespace

Command::Command(const std::vector<std::string>& arguments,
                 std::map<std::string, std::string> environment)
    : tmp_(folder_ / "tmp") {
  fs::create_directory(tmp_);
  // Of root's, the database server's user has to pass through.
  if (geteuid() == 0) fs::permissions(folder_.path(), fs::perms(0711));
  environment["TMPDIR"] = tmp_.string();
  std::vector<std::string> words{gantry_program()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  process_ = std::make_unique<ChildProcess>(words, folder_ / "output", environment);
}

std::string Command::output() const { return read_file(folder_ / "output"); }

void Command::wait_for_output(const std::string& text) {
  eventually(
      [&] {
        if (output().find(text) != std::string::npos) return true;
        if (!process_->running()) throw std::runtime_error("it ended and said:\n" + output());
        return false;
      },
      120s, [&] { return "the output \"" + text + "\"; it said:\n" + output(); });
}

std::string Command::line_to_paste(const std::string& program, const std::string& part) const {
  std::istringstream lines(output());
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin != std::string::npos && line.compare(begin, program.size(), program) == 0 &&
        line.find(part) != std::string::npos) {
      return line;
    }
  }
  throw std::runtime_error("no line with " + program + " and " + part + " in:\n" + output());
}

pid_t Command::child(const std::string& name) const {
  for (const pid_t pid : processes()) {
    if (name_of(pid) == name && has_in_environment(pid, tmp_.string())) return pid;
  }
  throw std::runtime_error("no process " + name + " was started");
}

std::string Command::folder_left() const {
  std::string names;
  for (const auto& entry : fs::directory_iterator(tmp_)) names += entry.path().string() + '\n';
  return names;
}

std::string Command::processes_left() const {
  std::string names;
  for (const pid_t pid : processes()) {
    if (has_in_environment(pid, tmp_.string())) {
      names += std::to_string(pid) + ' ' + name_of(pid) + '\n';
    }
  }
  return names;
}

void Command::wait_until_nothing_is_left() const {
  eventually([&] { return folder_left().empty() && processes_left().empty(); }, 60s,
             [&] { return "nothing to be left of:\n" + folder_left() + processes_left(); });
}

Finished paste(const std::string& line) { return run_program({"/bin/sh", "-c", line}, 60s); }

}  // namespace gantry::test
