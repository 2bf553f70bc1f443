// Record headers between librdkafka's form and ours, byte for byte. Pure functions, any thread.
#pragma once

#include <gantry/abi.h>
#include <librdkafka/rdkafka.h>

#include <memory>
#include <vector>

#include "route/message/publisher.hpp"

namespace gantry::kafka {

// The headers of a received message in their order, into `out`, which is cleared first. They point
// into the message: valid as long as it is. Headers that librdkafka can't parse (a broken record)
// are an error, all others none.
rd_kafka_resp_err_t read_headers(const rd_kafka_message_t* message,
                                 std::vector<gantry_header>& out);

struct HeadersDeleter {
  void operator()(rd_kafka_headers_t* headers) const { rd_kafka_headers_destroy(headers); }
};
using Headers = std::unique_ptr<rd_kafka_headers_t, HeadersDeleter>;

// A copy in librdkafka's form. nullptr where there are none.
Headers write_headers(const std::vector<route::OutHeader>& headers);

}  // namespace gantry::kafka
