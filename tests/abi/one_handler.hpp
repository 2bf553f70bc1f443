// A route of one handler for the tests of the ABI: a state directory of its own, one message in
// flight at a time, and a settler that refuses what is not in flight, as a route does. One thread.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugin/handler.hpp"
#include "plugin/loader.hpp"

namespace gantry::test {

class StateDir {
 public:
  explicit StateDir(const std::filesystem::path& parent = std::filesystem::temp_directory_path()) {
    std::string name = (parent / "gantry-abi-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
  }
  ~StateDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  StateDir(const StateDir&) = delete;
  StateDir& operator=(const StateDir&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline config::Plugin plugin_at(const std::filesystem::path& file) {
  config::Plugin plugin;
  plugin.library = file.filename().string();
  plugin.file = file;
  return plugin;
}
inline std::filesystem::path misbehaving(const std::string& misdeed) {
  return std::filesystem::path(GANTRY_TEST_PLUGINS) / ("lib" + misdeed + ".so");
}

// A loader that takes libraries wherever this checkout is and whosever it is; trust_test.cpp is
// about that.
inline plugin::Loader loader_in(const StateDir& state) {
  return {state.path(), {}, {geteuid(), false}};
}

// What LoadError says about the file; empty: it was loaded.
inline std::string refusal_of(const config::Plugin& plugin) {
  const StateDir state;
  try {
    loader_in(state).load(plugin);
    return "";
  } catch (const plugin::LoadError& error) {
    return error.what();
  }
}

class InFlight : public route::Settler {
 public:
  std::map<gantry_slot, std::string> verdicts;  // "" while in flight

  bool settle(gantry_slot slot, const gantry_outcome& outcome) override {
    const auto found = verdicts.find(slot);
    if (found == verdicts.end() || !found->second.empty()) return false;
    found->second = text(outcome);
    return true;
  }
  // "retry: reason [class]"
  static std::string text(const gantry_outcome& outcome) {
    static const char* const names[] = {"ok", "retry", "reject", "unavailable", "pending"};
    std::string all = names[outcome.verdict];
    if (outcome.reason.size > 0)
      all += ": " + std::string(outcome.reason.data, outcome.reason.size);
    if (outcome.error_class.size > 0) {
      all += " [" + std::string(outcome.error_class.data, outcome.error_class.size) + "]";
    }
    return all;
  }
};

class OneHandler {
 public:
  explicit OneHandler(const std::filesystem::path& file, config::Route route = {}) {
    if (route.name.empty()) route.name = "test-route";
    loaded_ = loader_in(state_).load(plugin_at(file));
    const plugin::HandlerRef handler{&loaded_, &loaded_.spec.handlers[0], loaded_.types[0]};
    bound_ = std::make_unique<plugin::BoundHandler>(handler, route, in_flight_);
    instance_ = bound_->create();
  }

  // What became of the one message.
  std::string deliver(const std::string& value = "value") {
    gantry_message message{};
    message.struct_size = sizeof message;
    message.slot = ++slot_;
    message.value = {reinterpret_cast<const std::uint8_t*>(value.data()), value.size()};
    const gantry_message* const messages[] = {&message};
    in_flight_.verdicts[slot_] = "";
    gantry_outcome rest{};
    instance_->handle(messages, rest);
    if (rest.verdict != GANTRY_PENDING) in_flight_.settle(slot_, rest);
    return in_flight_.verdicts[slot_];
  }
  std::string verdict_of(gantry_slot slot) const { return in_flight_.verdicts.at(slot); }
  std::uint64_t count(const std::string& kind) const {
    return bound_->misbehaviour().count_of(kind);
  }
  std::map<std::string, std::uint64_t> counts() const { return bound_->misbehaviour().counts(); }
  route::HandlerInstance& instance() { return *instance_; }
  plugin::BoundHandler& bound() { return *bound_; }
  void end_instance() { instance_.reset(); }
  const plugin::LoadedPlugin& loaded() const { return loaded_; }

 private:
  StateDir state_;
  plugin::LoadedPlugin loaded_;
  InFlight in_flight_;
  std::unique_ptr<plugin::BoundHandler> bound_;
  std::unique_ptr<route::HandlerInstance> instance_;
  gantry_slot slot_ = 0;
};

}  // namespace gantry::test
