// What top -H, gdb and perf call a route's threads. The kernel keeps 15 characters of it; threads
// that a plugin starts take after theirs.
#pragma once

#include <pthread.h>

#include <string>
#include <string_view>
#include <thread>

namespace gantry::route {

inline void name_thread(std::thread& thread, std::string_view what, std::string_view route) {
  constexpr std::size_t kMost = 15;
  const std::string name = std::string(what) + ':' + std::string(route);
  pthread_setname_np(thread.native_handle(), name.substr(0, kMost).c_str());
}

}  // namespace gantry::route
