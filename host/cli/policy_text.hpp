// How the words of a route's policy are shown to people. Pure.
#pragma once

#include <string>

#include "config/model.hpp"

namespace gantry::cli {

const char* name_of(config::Order order);
const char* name_of(config::KeyFormat format);
const char* name_of(config::HeaderFamily family);

// "trace-topic (3 partitions, 3 replicas)"
std::string topic_text(const config::Config& config, const std::string& name);
// "3 times after 1000 ms"
std::string retry_text(const config::Retry& retry);
// "127.0.0.1:8080"
std::string listen_text(const config::Listen& listen);

}  // namespace gantry::cli
