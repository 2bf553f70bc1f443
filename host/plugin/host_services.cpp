#include "plugin/host_services.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "observe/log.hpp"
#include "plugin/outcome_check.hpp"
#include "plugin/settings_reader.hpp"
#include "plugin/text.hpp"
#include "route/message/trace.hpp"

namespace gantry::plugin {
namespace {

constexpr std::size_t kMostLogText = 8192;

log::Level level_of(std::int32_t level) {
  switch (level) {
    case GANTRY_LOG_DEBUG:
      return log::Level::debug;
    case GANTRY_LOG_INFO:
      return log::Level::info;
    case GANTRY_LOG_WARNING:
      return log::Level::warning;
    default:
      return log::Level::error;
  }
}

}  // namespace

HostServices::HostServices(std::string route, std::string handler, route::Settler& settler,
                           Extensions extensions, OutputRecords outputs,
                           std::function<void()> wake_outbox,
                           std::shared_ptr<Instruments> instruments)
    : route_(std::move(route)),
      handler_(std::move(handler)),
      extensions_(std::move(extensions)),
      outputs_(std::move(outputs)),
      wake_outbox_(std::move(wake_outbox)),
      misbehaviour_(route_, handler_),
      instruments_(std::move(instruments)),
      settler_(&settler),
      table_{{sizeof(gantry_host), GANTRY_ABI_MAJOR, GANTRY_ABI_MINOR, &log, &settle, &extension,
              &SettingsReader::config_integer, &SettingsReader::config_number,
              &SettingsReader::config_text},
             this} {}

HostServices& HostServices::of(const gantry_host* host) {
  return *reinterpret_cast<const Table*>(host)->self;
}

void HostServices::detach() {
  const std::unique_lock lock(mutex_);
  settler_ = nullptr;
}

void HostServices::log(const gantry_host* host, gantry_slot about, std::int32_t level,
                       gantry_str text) {
  HostServices& self = of(host);
  const std::string line =
      clean_text({text.data, text.data == nullptr ? 0 : text.size}, kMostLogText);
  std::vector<log::Field> fields{{"route", self.route_}, {"handler", self.handler_}};
  if (about != 0) {
    fields.emplace_back("slot", about);
    const std::string trace = self.trace_of(about);
    if (!trace.empty()) fields.emplace_back("trace", trace);
  }
  log::write(level_of(level), "plugin", line, std::span<const log::Field>(fields));
}

std::string HostServices::trace_of(gantry_slot slot) {
  std::string trace;
  const std::shared_lock lock(mutex_);
  if (settler_ != nullptr)
    settler_->read_headers(
        slot, [&](std::span<const gantry_header> headers) { trace = route::trace_id(headers); });
  return trace;
}

std::int32_t HostServices::settle(const gantry_host* host, gantry_slot slot,
                                  const gantry_outcome* outcome) {
  HostServices& self = of(host);
  if (outcome == nullptr || outcome->struct_size < sizeof(gantry_outcome)) {
    self.misbehaviour_.count("settle_without_outcome", "settle() got no outcome, or a short one");
    return 0;
  }
  if (!is_final(outcome->verdict)) {
    self.misbehaviour_.count("settle_not_final",
                             "settle() got the verdict " + std::to_string(outcome->verdict));
    return 0;
  }
  return self.take(slot, *outcome) ? 1 : 0;
}

bool HostServices::take(gantry_slot slot, const gantry_outcome& outcome) {
  OutcomeText text;
  const gantry_outcome clean = text.cleaned(outcome);
  {
    const std::shared_lock lock(mutex_);
    if (settler_ == nullptr) return false;
    if (settler_->settle(slot, clean)) return true;
  }
  misbehaviour_.count(
      "settle_refused",
      "slot " + std::to_string(slot) + " was settled twice, too late, or is not of this route");
  return false;
}

bool HostServices::reply(gantry_slot slot, route::HttpReply reply) {
  const std::shared_lock lock(mutex_);
  return settler_ != nullptr && settler_->reply(slot, std::move(reply));
}

std::int32_t HostServices::resolve(gantry_slot slot, const gantry_record& record,
                                   route::OutRecord& out) {
  std::int32_t code = GANTRY_UNKNOWN_SLOT;
  const std::shared_lock lock(mutex_);
  if (settler_ != nullptr)
    settler_->read_headers(slot, [&](std::span<const gantry_header> headers) {
      code = outputs_.make(record, headers, out);
    });
  return code;
}

std::int32_t HostServices::publish(gantry_slot slot, const gantry_record& record) {
  const std::shared_lock lock(mutex_);
  if (settler_ == nullptr) return GANTRY_UNKNOWN_SLOT;
  return settler_->publish(slot,
                           [&](std::span<const gantry_header> headers, route::OutRecord& out) {
                             return outputs_.make(record, headers, out);
                           });
}

Instrument* HostServices::instrument(const std::string& name, Instrument::Kind kind,
                                     const char* help, std::vector<double> bounds) {
  auto instrument = instruments_ == nullptr
                        ? nullptr
                        : instruments_->make(route_, name, kind, help, std::move(bounds));
  if (instrument == nullptr) {
    misbehaviour_.count("bad_instrument",
                        "the metric \"" + clean_text(name, 200) +
                            "\" has a bad name, bounds that do not ascend, or is of another kind");
    return nullptr;
  }
  const std::lock_guard lock(own_mutex_);
  if (std::ranges::find(own_instruments_, instrument) == own_instruments_.end())
    own_instruments_.push_back(instrument);
  return instrument.get();
}

const void* HostServices::extension(const gantry_host* host, const char* id) {
  const HostServices& self = of(host);
  if (id == nullptr) return nullptr;
  const auto found = self.extensions_.find(std::string_view(id));
  return found == self.extensions_.end() ? nullptr : found->second;
}

}  // namespace gantry::plugin
