// Waiting for a condition instead of for a time: polls until it holds, or throws, which fails the
// test with a sentence that says what never came true. Runs on the test's thread.
#pragma once

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>

namespace gantry::test {

using namespace std::chrono_literals;

class TimedOut : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// what: what was waited for, asked for after the time-out, so that it can tell how far things came.
void eventually(const std::function<bool()>& predicate, std::chrono::milliseconds timeout,
                const std::function<std::string()>& what);
void eventually(const std::function<bool()>& predicate, std::chrono::milliseconds timeout,
                const std::string& what);

}  // namespace gantry::test
