// The text of /metrics, read as a test needs it.
#pragma once

#include <optional>
#include <string>

namespace gantry::test {

// sample: "gantry_in_flight{route=\"probe\"}". nullopt: it is not there.
std::optional<double> sample_of(const std::string& text, const std::string& sample);

// What Prometheus would not take: a sample without HELP and TYPE before it, or twice. Empty:
// nothing.
std::string exposition_problem(const std::string& text);

}  // namespace gantry::test
