// In place of the C library's pthread_create, for the plugins: a thread of theirs takes after the
// one that made it, so that a crash on it is known to be of their route. The program exports it
// (host/CMakeLists.txt), and a plugin's calls find the program's symbols first. Threads that are
// made otherwise, by a bare clone(), are nobody's.
#include <dlfcn.h>
#include <pthread.h>

#include <memory>

#include "route/journal/thread_owner.hpp"

namespace gantry::service {
namespace {

using Body = void* (*)(void*);
using Create = int (*)(pthread_t*, const pthread_attr_t*, Body, void*);

struct Start {
  Body body;
  void* argument;
  std::uint32_t owner;
};

void* run(void* given) {
  const std::unique_ptr<Start> start{static_cast<Start*>(given)};
  const route::WorksFor owner{start->owner};
  return start->body(start->argument);
}

int create(pthread_t* thread, const pthread_attr_t* attributes, Body body, void* argument) {
  static const auto original = reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
  const std::uint32_t owner = route::owner::heir_of(route::thread_owner());
  if (owner == route::owner::kUnknown) return original(thread, attributes, body, argument);
  auto start = std::make_unique<Start>(Start{body, argument, owner});
  const int error = original(thread, attributes, run, start.get());
  if (error == 0) static_cast<void>(start.release());  // the thread's
  return error;
}

}  // namespace
}  // namespace gantry::service

extern "C" [[gnu::visibility("default")]] int pthread_create(pthread_t* thread,
                                                             const pthread_attr_t* attributes,
                                                             void* (*body)(void*),
                                                             void* argument) noexcept {
  return gantry::service::create(thread, attributes, body, argument);
}
