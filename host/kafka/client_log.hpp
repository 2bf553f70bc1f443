// What librdkafka says, brought into the host's log: for every client of this folder. The callbacks
// run on librdkafka's threads; they only write to the log.
#pragma once

#include <librdkafka/rdkafka.h>

namespace gantry::kafka {

// Lines of librdkafka become lines of the component "kafka" with client, facility and text.
void log_through_host(rd_kafka_conf_t* conf);

}  // namespace gantry::kafka
