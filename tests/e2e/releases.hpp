// A host with a route of the plugin "release", whose library is in one of its releases in a folder
// of the test's own. Base class of the tests of reloading.
#pragma once

#include <string>

#include "end_to_end.hpp"

namespace gantry::test {

class Releases : public EndToEnd {
 protected:
  Releases();
  void SetUp() override;  // the topics, gantry.toml, the library in release v1

  // As a package does: a complete file takes the place of the other one.
  void install(const std::string& release, const std::string& library = "librelease.so");
  // `more` goes into the route's table.
  void write_release_route(const std::string& more = "", const std::string& source = "");
  void reload(HostProcess& host);  // SIGHUP, and until it has done it

  ProbeFile calls() const { return probe_file("release"); }
};

}  // namespace gantry::test
