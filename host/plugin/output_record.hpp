// What a record for an output looks like on the wire: its topic, the key in the output's format,
// and its headers. The same for what is published and for what goes into the outbox. Values only,
// so it outlives the configuration. Constant once made; any thread.
#pragma once

#include <gantry/abi.h>

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "route/message/publisher.hpp"

namespace gantry::plugin {

class OutputRecords {
 public:
  OutputRecords() = default;                           // none
  explicit OutputRecords(const config::Route& route);  // from its bound outputs

  // GANTRY_DONE, or _UNKNOWN_OUTPUT or _BAD_KEY with `out` half made. `trace`: headers of the
  // message that the record is about, may be empty; its W3C trace context is taken over, unless the
  // record brings one. Headers: the output's constant ones that the record does not set itself, the
  // record's in their order, the trace context.
  std::int32_t make(const gantry_record& record, std::span<const gantry_header> trace,
                    route::OutRecord& out) const;

 private:
  struct Output {
    std::string topic;
    config::KeyFormat key_format;
    std::vector<route::OutHeader> headers;
  };
  std::map<std::string, Output, std::less<>> outputs_;
};

}  // namespace gantry::plugin
