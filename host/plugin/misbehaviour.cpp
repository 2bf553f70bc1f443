#include "plugin/misbehaviour.hpp"

#include <exception>
#include <utility>

#include "observe/log.hpp"

namespace gantry::plugin {

Misbehaviour::Misbehaviour(std::string route, std::string handler)
    : route_(std::move(route)), handler_(std::move(handler)) {}

void Misbehaviour::count(std::string_view kind, std::string_view detail) noexcept {
  try {
    std::uint64_t total = 0;
    {
      const std::lock_guard lock(mutex_);
      const auto now = Clock::now();
      const auto [at, is_new] = kinds_.try_emplace(std::string(kind));
      total = ++at->second.count;
      if (!is_new && now - at->second.logged < log_interval) return;
      at->second.logged = now;
    }
    log::warning("plugin", "a handler broke its contract",
                 {{"route", route_},
                  {"handler", handler_},
                  {"kind", kind},
                  {"detail", detail},
                  {"count", total}});
  } catch (const std::exception&) {
    // Out of memory: the plugin's call goes on, this count is lost.
  }
}

std::map<std::string, std::uint64_t> Misbehaviour::counts() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::uint64_t> counts;
  for (const auto& [kind, of_kind] : kinds_) counts[kind] = of_kind.count;
  return counts;
}

std::uint64_t Misbehaviour::count_of(std::string_view kind) const {
  const std::lock_guard lock(mutex_);
  const auto found = kinds_.find(kind);
  return found == kinds_.end() ? 0 : found->second.count;
}

}  // namespace gantry::plugin
