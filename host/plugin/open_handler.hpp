// What the instances of one route share: the plugin's `shared`, the route's services and settings.
// Alive until the last instance is gone; an abandoned instance keeps it for ever. Used by
// handler.cpp and instance.cpp only.
#pragma once

#include <array>
#include <string>

#include "plugin/host_services.hpp"
#include "plugin/plugins.hpp"
#include "plugin/settings_reader.hpp"

namespace gantry::plugin {

class OpenHandler {
 public:
  OpenHandler(const HandlerRef& handler, const config::Route& route, route::Settler& settler,
              Extensions extensions, std::function<void()> wake_outbox,
              std::shared_ptr<Instruments> instruments);
  ~OpenHandler();
  OpenHandler(const OpenHandler&) = delete;
  OpenHandler& operator=(const OpenHandler&) = delete;

  void* create();  // the plugin's instance

  const gantry_handler_type& type() const { return *type_; }
  HostServices& services() { return services_; }
  bool may_pend() const { return (type_->flags & GANTRY_MAY_PEND) != 0; }

 private:
  using ErrorText = std::array<char, 1024>;
  // Runs open() or create(); what it made, or SetupError.
  template <class Call>
  void* made_by(const char* function, Call call);
  std::string error_text(const ErrorText& err);

  const gantry_handler_type* const type_;
  const std::string who_;  // for errors
  HostServices services_;
  SettingsReader settings_;
  void* shared_ = nullptr;
};

}  // namespace gantry::plugin
