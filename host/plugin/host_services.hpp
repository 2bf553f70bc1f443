// The gantry_host of one route: what a handler may call. Owned by the route's handler
// (handler.hpp); any thread. Calls of a plugin lead through here and are checked, before anything
// of the route is touched.
#pragma once

#include <gantry/abi.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "plugin/instruments.hpp"
#include "plugin/misbehaviour.hpp"
#include "plugin/output_record.hpp"
#include "route/message/handler.hpp"

namespace gantry::plugin {

// Tables of functions by id, as gantry_host.extension gives them out. NULL: not on this route.
using Extensions = std::map<std::string, const void*, std::less<>>;

class HostServices {
 public:
  // wake_outbox: of a route whose handler uses the outbox; from any thread, cheap. instruments: of
  // one with gantry.metrics/1.
  HostServices(std::string route, std::string handler, route::Settler& settler,
               Extensions extensions, OutputRecords outputs = {},
               std::function<void()> wake_outbox = {},
               std::shared_ptr<Instruments> instruments = {});
  HostServices(const HostServices&) = delete;
  HostServices& operator=(const HostServices&) = delete;

  const gantry_host* table() const { return &table_.abi; }
  Misbehaviour& misbehaviour() { return misbehaviour_; }
  // For extensions; false where nothing waits for it.
  bool reply(gantry_slot slot, route::HttpReply reply);
  // GANTRY_DONE, or a code below 0.
  std::int32_t resolve(gantry_slot slot, const gantry_record& record, route::OutRecord& out);
  void wake_outbox() const { wake_outbox_(); }
  std::int32_t publish(gantry_slot slot, const gantry_record& record);  // the same
  const std::string& route() const { return route_; }
  // For gantry.metrics/1: nullptr where it is refused.
  Instrument* instrument(const std::string& name, Instrument::Kind kind, const char* help,
                         std::vector<double> bounds);

  // From here on every settle is refused, without a count; waits for those that run. For a route
  // that ends while an abandoned handler may still call.
  void detach();

  // For extensions: whose call it is.
  static HostServices& of(const gantry_host* host);

 private:
  struct Table {  // abi first, so that it leads back here
    gantry_host abi;
    HostServices* self;
  };
  static void log(const gantry_host* host, gantry_slot about, std::int32_t level, gantry_str text);
  std::string trace_of(gantry_slot slot);  // empty: none
  static std::int32_t settle(const gantry_host* host, gantry_slot slot,
                             const gantry_outcome* outcome);
  static const void* extension(const gantry_host* host, const char* id);
  bool take(gantry_slot slot, const gantry_outcome& outcome);

  const std::string route_;
  const std::string handler_;
  const Extensions extensions_;
  const OutputRecords outputs_;
  const std::function<void()> wake_outbox_;
  Misbehaviour misbehaviour_;
  const std::shared_ptr<Instruments> instruments_;
  std::mutex own_mutex_;                                      // guards own_instruments_
  std::vector<std::shared_ptr<Instrument>> own_instruments_;  // kept as long as this is
  std::shared_mutex mutex_;                                   // guards settler_
  route::Settler* settler_;                                   // NULL once detached
  Table table_;
};

}  // namespace gantry::plugin
