// Runs a function of a plugin and keeps what it throws, which it may not: counted as misbehaviour,
// and turned into text. The thread that calls.
#pragma once

#include <exception>
#include <optional>
#include <string>

#include "plugin/misbehaviour.hpp"
#include "plugin/text.hpp"

namespace gantry::plugin {

// nullopt: it returned. function: "open", "handle", …
template <class Call>
std::optional<std::string> contained(Misbehaviour& misbehaviour, const char* function,
                                     Call&& call) {
  std::string text;
  try {
    call();
    return std::nullopt;
  } catch (const std::exception& error) {
    text = clean_text(error.what(), kMostReason);
  } catch (...) {
    text = "an exception that is not a std::exception";
  }
  misbehaviour.count(std::string(function) + "_threw", text);
  return text;
}

}  // namespace gantry::plugin
