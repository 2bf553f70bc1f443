#include "route/journal/thread_owner.hpp"

namespace gantry::route {
namespace {

thread_local std::uint32_t this_owner = owner::kUnknown;

}  // namespace

std::uint32_t thread_owner() noexcept { return this_owner; }

WorksFor::WorksFor(std::uint32_t owner) noexcept : before_(this_owner) { this_owner = owner; }

WorksFor::~WorksFor() { this_owner = before_; }

}  // namespace gantry::route
