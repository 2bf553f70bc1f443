// A private PostgreSQL: a cluster made for this process in its folder, reached by a Unix socket
// there and by nothing else, gone when this is destroyed. Made and destroyed on the main thread;
// the server is a child process of it. Nothing of it survives, so it does not sync to disk.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "embedded/child_process.hpp"
#include "embedded/interrupts.hpp"

namespace gantry::embedded {

class Postgres {
 public:
  // In `folder`, which does not exist yet. Throws ProgramMissing. Starts nothing.
  explicit Postgres(const std::filesystem::path& folder);

  // Returns when it takes connections, after a second or so. Throws Interrupted, or
  // std::runtime_error with the end of the server's log.
  void start(const Interrupts& interrupts);

  // Of a database there, "host=… port=… user=gantry dbname=NAME"; its user may do everything.
  // Known before it is started.
  std::string dsn(const std::string& database) const;
  void create_database(const std::string& name);
  const std::string& version() const { return version_; }  // "15.18", once started

 private:
  void make_cluster(const Interrupts& interrupts);
  void start_server(const Interrupts& interrupts);
  bool takes_connections();

  const std::filesystem::path folder_;
  const std::filesystem::path programs_;
  const std::optional<User> user_;
  std::string version_;
  std::unique_ptr<ChildProcess> server_;
};

}  // namespace gantry::embedded
