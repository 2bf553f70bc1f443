#include "releases.hpp"

#include <signal.h>

#include <filesystem>

namespace gantry::test {
namespace {

namespace fs = std::filesystem;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

Releases::Releases() {
  fs::copy_file(fs::path(GANTRY_PROBE_DIR) / "libprobe.so", libraries / "libprobe.so");
  files.set("PROBE_DIR", libraries.path().string());
}

void Releases::SetUp() {
  kafka.create_topic(topic);
  kafka.create_topic(dlq);
  write_main();
  install("v1");
}

void Releases::install(const std::string& release, const std::string& library) {
  fs::copy_file(fs::path(GANTRY_PROBE_DIR) / ("librelease-" + release + ".so"), libraries / "new");
  fs::rename(libraries / "new", libraries / library);
}

void Releases::write_release_route(const std::string& more, const std::string& source) {
  files.route("release",
              "[[plugin]]\nlibrary = \"librelease.so\"\n[[route]]\nname = \"release\"\n"
              "handler = \"release\"\nsettings = { file = \"@FOLDER@/release.calls\" }\n" +
                  (source.empty() ? "topics = [\"@TOPIC@\"]" : source) + "\n" + more);
}

void Releases::reload(HostProcess& host) {
  constexpr const char* kDone = "service  reloaded  ";
  const std::size_t before = count(host.log(), kDone);
  host.signal(SIGHUP);
  eventually([&] { return count(host.log(), kDone) > before; }, 60s, "the reload to be done");
}

}  // namespace gantry::test
