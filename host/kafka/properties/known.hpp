// Every property that this librdkafka knows, by its own list. Made once, then read only.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace gantry::kafka {

struct KnownProperty {
  bool producer = false;  // which client it is for; one that is for both has both
  bool consumer = false;
  std::string alias_for;  // the property it is another name of; empty: none
};

const std::map<std::string, KnownProperty>& known_properties();

// The name that librdkafka uses itself where `name` is an alias.
std::string canonical(const std::string& name);

}  // namespace gantry::kafka
