// Looks into the bytes of a library before the loader of the system does: whether they are a whole
// shared object for this machine, and where it would search for the libraries it needs. Pure
// function, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plugin/load_error.hpp"

namespace gantry::plugin {

// What is wrong with `bytes` as a plugin; nullopt: nothing.
std::optional<Fault> find_elf_fault(std::string_view bytes);

}  // namespace gantry::plugin
