// FakeHost: one route of a handler without Kafka, in the test's own process. deliver() runs the
// handler on the test's thread; settles may come from any thread. The test owns it; it drains,
// destroys and closes the handler at its end.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <gantry/handler.hpp>
#include <gantry/testing/extension_tables.hpp>
#include <gantry/testing/input.hpp>
#include <gantry/testing/records.hpp>
#include <gantry/testing/services.hpp>
#include <gantry/testing/settings.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gantry::testing {

class FakeHost {
 public:
  // Of a class: FakeHost host(gantry::handler<Audit>("audit"));
  template <class T>
  explicit FakeHost(const Handler<T>& handler) : FakeHost(detail::type_of(handler)) {}
  // Of a plugin whose objects are linked: FakeHost host(gantry_plugin_v1, "audit");
  FakeHost(const gantry_plugin& plugin, std::string_view id) : FakeHost(*find(plugin, id)) {}
  ~FakeHost() { stop(); }
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;

  // ---- before start ----
  FakeHost& set(const std::string& option, bool value) { return put(option, value); }
  FakeHost& set(const std::string& option, int value) { return put(option, std::int64_t{value}); }
  FakeHost& set(const std::string& option, std::int64_t value) { return put(option, value); }
  FakeHost& set(const std::string& option, double value) { return put(option, value); }
  FakeHost& set(const std::string& option, std::chrono::milliseconds value) {
    return put(option, std::int64_t{value.count()});
  }
  FakeHost& set(const std::string& option, const char* value) {
    return put(option, std::string(value));
  }
  FakeHost& set(const std::string& option, std::string value) {
    return put(option, std::move(value));
  }
  FakeHost& set(const std::string& option, std::vector<std::string> value) {
    return put(option, std::move(value));
  }
  FakeHost& bind(const std::string& output, std::string topic) {  // else its own name
    services_.topics[output] = std::move(topic);
    return *this;
  }
  FakeHost& unbind(const std::string& output) {
    services_.topics.erase(output);
    return *this;
  }
  FakeHost& without(std::string extension) {  // a host that does not offer it
    services_.absent.insert(std::move(extension));
    return *this;
  }
  FakeHost& as_http_route() {  // offers gantry.http/1
    services_.http_route = true;
    return *this;
  }

  // Makes the shared part and one instance a lane. Throws std::invalid_argument for settings,
  // std::runtime_error with the handler's own text when it refuses. The first deliver() does it for
  // one lane.
  void start(std::size_t lanes = 1) {
    if (started_) throw std::logic_error("FakeHost is started already");
    settings_.complete();
    const gantry_config* config = settings_.begin();
    std::array<char, 1024> err{};
    if (type_.open != nullptr &&
        type_.open(&table_.abi, config, &shared_, err.data(), err.size()) != 0) {
      settings_.end();
      throw std::runtime_error(err.data());
    }
    started_ = true;
    while (instances_.size() < lanes) {
      void* self = nullptr;
      if (type_.create(shared_, &table_.abi, config, &self, err.data(), err.size()) != 0) {
        stop();
        throw std::runtime_error(err.data());
      }
      instances_.push_back(self);
    }
    settings_.end();
  }

  // drain, destroy, close. What is still pending then is counted as misbehaviour.
  void stop(std::chrono::milliseconds deadline = std::chrono::seconds(10)) {
    if (!started_) return;
    settings_.end();
    for (void* self : instances_) {
      if (type_.drain != nullptr) type_.drain(self, static_cast<std::uint32_t>(deadline.count()));
    }
    for (void* self : instances_) type_.destroy(self);
    if (type_.close != nullptr) type_.close(shared_);
    instances_.clear();
    shared_ = nullptr;
    started_ = false;
    const std::lock_guard lock(services_.mutex);
    misbehaviour_ += services_.live.size();
  }

  // ---- messages ----
  Result deliver(const Input& input, std::size_t lane = 0) {
    return deliver(std::vector<Input>{input}, lane).front();
  }
  // One call of the handler with all of them, at most its max_batch. One result each, in their
  // order.
  std::vector<Result> deliver(const std::vector<Input>& inputs, std::size_t lane = 0) {
    if (!started_) start(lane + 1);
    if (inputs.empty() || inputs.size() > type_.max_batch) {
      throw std::invalid_argument(
          "a call takes 1 to max_batch = " + std::to_string(type_.max_batch) + " messages");
    }
    std::vector<gantry_slot> slots;
    std::vector<const gantry_message*> messages;
    {
      const std::lock_guard lock(services_.mutex);
      for (const Input& input : inputs) slots.push_back(admit(input, messages));
    }
    gantry_outcome rest{};
    rest.struct_size = sizeof rest;
    type_.handle(instances_.at(lane), messages.data(), messages.size(), &rest);
    const std::lock_guard lock(services_.mutex);
    if (rest.verdict == GANTRY_PENDING && (type_.flags & GANTRY_MAY_PEND) == 0) {
      ++misbehaviour_;
      constexpr std::string_view reason = "pending, which the handler does not declare (may_pend)";
      rest = {sizeof rest, GANTRY_RETRY, 0, detail::str(reason), {}};
    }
    std::vector<Result> results;
    for (const gantry_slot slot : slots) {
      if (rest.verdict != GANTRY_PENDING && services_.live.count(slot) != 0) end(slot, rest);
      results.push_back(result_of(slot));
    }
    return results;
  }

  // Waits until the slot is settled; the result is still pending when that has not happened in
  // time.
  Result wait(gantry_slot slot, std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    std::unique_lock lock(services_.mutex);
    settled_.wait_for(lock, limit, [&] { return services_.live.count(slot) == 0; });
    return result_of(slot);
  }
  // The slot's deadline has passed. The handler has to settle it all the same.
  void cancel(gantry_slot slot, std::size_t lane = 0) {
    if (type_.cancel != nullptr) type_.cancel(instances_.at(lane), slot);
  }
  // The slot as a handler knows it, for a test that settles late or twice.
  Slot slot(gantry_slot id) const { return {&table_.abi, id}; }

  // ---- what happened; copies ----
  std::vector<Published> published() const {
    return read(services_.published);
  }  // slots that ended ok
  std::vector<Published> resolved() const { return read(services_.resolved); }  // for the outbox
  std::size_t wakes() const { return read(services_.wakes); }
  std::vector<LogLine> logs() const { return read(services_.logs); }
  std::size_t refused_settles() const { return read(refused_); }  // late, twice, foreign, not final
  std::size_t misbehaviour() const { return read(misbehaviour_) + settings_.late_reads(); }
  // Of a slot that ended ok on an HTTP route: 200 and empty unless the handler responded.
  std::optional<Reply> reply(gantry_slot slot) const {
    const std::lock_guard lock(services_.mutex);
    if (!result_of(slot).is_ok()) return std::nullopt;
    const auto found = services_.replies.find(slot);
    return found == services_.replies.end() ? Reply{} : found->second;
  }
  // Sum of a counter, last value of a gauge or histogram; 0 where there is none of that name.
  double metric(const std::string& name) const {
    const std::lock_guard lock(services_.mutex);
    const auto found = services_.instruments.find(name);
    return found == services_.instruments.end() ? 0 : found->second->value;
  }
  std::vector<double> observations(const std::string& histogram) const {
    const std::lock_guard lock(services_.mutex);
    const auto found = services_.instruments.find(histogram);
    return found == services_.instruments.end() ? std::vector<double>{} : found->second->seen;
  }
  const gantry_handler_type& type() const { return type_; }

 private:
  friend class Services;
  struct Table {  // what a `const gantry_host*` points to; abi first, so that it leads back here
    gantry_host abi;
    FakeHost* self;
  };

  explicit FakeHost(const gantry_handler_type& type)
      : type_(type), settings_(type_), services_(type_) {
    table_.abi = {sizeof(gantry_host),
                  GANTRY_ABI_MAJOR,
                  GANTRY_ABI_MINOR,
                  &log,
                  &settle,
                  &extension,
                  &Settings::config_integer,
                  &Settings::config_number,
                  &Settings::config_text};
    table_.self = this;
  }

  static const gantry_handler_type* find(const gantry_plugin& plugin, std::string_view id) {
    for (std::size_t i = 0; i < plugin.handler_count; ++i) {
      if (id == plugin.handlers[i]->id) return plugin.handlers[i];
    }
    throw std::invalid_argument(std::string("plugin '") + plugin.name + "' has no handler '" +
                                std::string(id) + "'");
  }
  static FakeHost& of(const gantry_host* host) {
    return *reinterpret_cast<const Table*>(host)->self;
  }
  FakeHost& put(const std::string& option, Setting value) {
    if (started_) throw std::logic_error("set() comes before start()");
    settings_.set(option, std::move(value));
    return *this;
  }
  template <class Value>
  Value read(const Value& value) const {
    const std::lock_guard lock(services_.mutex);
    return value;
  }

  // The following three under the mutex.
  gantry_slot admit(const Input& input, std::vector<const gantry_message*>& messages) {
    const gantry_slot slot = next_slot_++;
    auto memory = std::make_unique<MessageMemory>(input, slot, next_offset_++,
                                                  (type_.flags & GANTRY_READS_NO_HEADERS) == 0);
    messages.push_back(&memory->raw());
    memory_.emplace(slot, std::move(memory));
    services_.live.insert(slot);
    results_[slot] = Result{slot, Verdict::Kind::pending, {}, {}, {}};
    return slot;
  }
  void end(gantry_slot slot, const gantry_outcome& outcome) {
    results_[slot] = {slot, static_cast<Verdict::Kind>(outcome.verdict),
                      std::string(detail::view(outcome.reason)),
                      std::string(detail::view(outcome.error_class)),
                      std::chrono::milliseconds(outcome.retry_after_ms)};
    services_.end(slot, outcome.verdict == GANTRY_OK);
    memory_.erase(slot);
    settled_.notify_all();
  }
  Result result_of(gantry_slot slot) const {
    const auto found = results_.find(slot);
    if (found == results_.end()) throw std::invalid_argument("no such slot was delivered");
    return found->second;
  }

  static void log(const gantry_host* host, gantry_slot about, std::int32_t level, gantry_str text) {
    FakeHost& self = of(host);
    const std::lock_guard lock(self.services_.mutex);
    self.services_.logs.push_back(
        {static_cast<LogLevel>(level), std::string(detail::view(text)), about});
  }
  static std::int32_t settle(const gantry_host* host, gantry_slot slot,
                             const gantry_outcome* outcome) {
    FakeHost& self = of(host);
    const std::lock_guard lock(self.services_.mutex);
    const bool is_final = outcome->verdict >= GANTRY_OK && outcome->verdict < GANTRY_PENDING;
    if (!is_final || self.services_.live.count(slot) == 0) {
      ++self.refused_;
      return 0;
    }
    self.end(slot, *outcome);
    return 1;
  }
  static const void* extension(const gantry_host* host, const char* id) {
    return of(host).services_.find(id);
  }

  const gantry_handler_type type_;
  Settings settings_;
  mutable Services services_;
  Table table_{};
  std::condition_variable settled_;
  std::map<gantry_slot, std::unique_ptr<MessageMemory>> memory_;
  std::map<gantry_slot, Result> results_;
  gantry_slot next_slot_ = 1;
  std::int64_t next_offset_ = 0;
  std::size_t refused_ = 0;
  std::size_t misbehaviour_ = 0;
  void* shared_ = nullptr;
  std::vector<void*> instances_;
  bool started_ = false;
};

inline Services& Services::of(const gantry_host* host) { return FakeHost::of(host).services_; }

}  // namespace gantry::testing
