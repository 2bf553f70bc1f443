// A librdkafka configuration while it is put together, and the client made of it. Start-up code: it
// throws.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>

#include "config/model.hpp"

namespace gantry::kafka {

class ClientConf {
 public:
  ClientConf();  // with librdkafka's lines going to the host's log

  // std::runtime_error names the property, its value's fault and the place to mend it. Never the
  // value: it may be secret.
  void set(const std::string& property, const std::string& value);
  void set(const config::Properties& properties);
  bool knows(const char* property) const;         // this release of librdkafka has it
  std::string value(const char* property) const;  // empty: it has none
  rd_kafka_conf_t* get() { return conf_.get(); }

  // `what` names the client in the error: "the dead-letter producer". Uses the configuration up.
  rd_kafka_t* make(rd_kafka_type_t type, const std::string& what) &&;

 private:
  struct Deleter {
    void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
  };
  std::unique_ptr<rd_kafka_conf_t, Deleter> conf_;
};

}  // namespace gantry::kafka
