// A plugin under development: a configuration around it, and whether it was built again. The main
// thread's.
#pragma once

#include <sys/types.h>
#include <time.h>

#include <filesystem>

namespace gantry::cli {

// Writes a gantry.toml and a route into `folder` and returns the former. The route is route_file,
// linked so that an edit counts; empty: one for each handler of the library, made of what it
// declares. Throws config::Invalid where the library can't be loaded, and std::runtime_error with
// what and remedy where its handlers need more than can be made up.
std::filesystem::path write_dev_configuration(const std::filesystem::path& library,
                                              const std::filesystem::path& route_file,
                                              const std::filesystem::path& folder);

class FileWatch {
 public:
  explicit FileWatch(std::filesystem::path file);
  // Once for each change: that the file is another one, and has been the same for two calls.
  bool changed();

 private:
  struct Stamp {
    ino_t inode = 0;
    off_t size = -1;  // there is no such file
    timespec time{};
    bool operator==(const Stamp& other) const {
      return inode == other.inode && size == other.size && time.tv_sec == other.time.tv_sec &&
             time.tv_nsec == other.time.tv_nsec;
    }
  };
  Stamp look() const;

  const std::filesystem::path file_;
  Stamp told_;
  Stamp seen_;
};

}  // namespace gantry::cli
