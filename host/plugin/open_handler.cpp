#include "plugin/open_handler.hpp"

#include <algorithm>
#include <utility>

#include "plugin/contained.hpp"
#include "plugin/handler.hpp"
#include "plugin/text.hpp"

namespace gantry::plugin {

OpenHandler::OpenHandler(const HandlerRef& handler, const config::Route& route,
                         route::Settler& settler, Extensions extensions,
                         std::function<void()> wake_outbox,
                         std::shared_ptr<Instruments> instruments)
    : type_(handler.type),
      who_("route '" + route.name + "': handler '" + handler.spec->id + "' of plugin '" +
           handler.plugin->spec.name + "' (" + handler.plugin->spec.file.string() + ")"),
      services_(route.name, handler.spec->id, settler, std::move(extensions), OutputRecords(route),
                std::move(wake_outbox), std::move(instruments)),
      settings_(*handler.spec, route, services_.misbehaviour()) {
  if (type_->open == nullptr) return;
  shared_ = made_by("open", [&](const gantry_config* config, void** made, ErrorText& err) {
    return type_->open(services_.table(), config, made, err.data(), err.size());
  });
}

OpenHandler::~OpenHandler() {
  services_.detach();
  if (type_->close == nullptr) return;
  contained(services_.misbehaviour(), "close", [&] { type_->close(shared_); });
}

void* OpenHandler::create() {
  void* self = made_by("create", [&](const gantry_config* config, void** made, ErrorText& err) {
    return type_->create(shared_, services_.table(), config, made, err.data(), err.size());
  });
  if (self != nullptr) return self;
  services_.misbehaviour().count("no_instance", "create() returned 0 and no instance");
  throw SetupError(who_ + ": create returned no instance; that is a defect of the plugin");
}

template <class Call>
void* OpenHandler::made_by(const char* function, Call call) {
  ErrorText err{};
  void* made = nullptr;
  std::int32_t code = 0;
  const auto threw = contained(services_.misbehaviour(), function, [&, config = settings_.begin()] {
    code = call(config, &made, err);
  });
  settings_.end();
  if (threw) {
    throw SetupError(who_ + ": " + function + " threw: " + *threw +
                     "; that is a defect of the plugin, which may not throw there");
  }
  if (code != 0) throw SetupError(who_ + " refuses this route: " + error_text(err));
  return made;
}

std::string OpenHandler::error_text(const ErrorText& err) {
  const auto end = std::find(err.begin(), err.end(), '\0');
  if (end == err.end()) {
    services_.misbehaviour().count("unterminated_error", "an error text was not NUL-terminated");
  }
  const auto size = static_cast<std::size_t>(end - err.begin());
  std::string text = clean_text({err.data(), size}, err.size());
  return text.empty()
             ? "it gave no reason; see the log, and the plugin's documentation of its settings"
             : text;
}

}  // namespace gantry::plugin
