// One route's settings as a handler reads them: what is behind `const gantry_config*`. [setup];
// reading is allowed between begin() and end(), and what is read otherwise is refused and counted.
#pragma once

#include <gantry/abi.h>

#include <atomic>
#include <map>
#include <string>

#include "config/catalog.hpp"
#include "config/model.hpp"
#include "plugin/misbehaviour.hpp"

namespace gantry::plugin {

class SettingsReader {
 public:
  // Copies the settings, so that the texts it gives out live as long as itself.
  SettingsReader(const config::HandlerSpec& spec, const config::Route& route,
                 Misbehaviour& misbehaviour);

  const gantry_config* begin();
  void end() { readable_ = false; }

  static std::int32_t config_integer(const gantry_config* config, const char* name,
                                     std::int64_t* out);
  static std::int32_t config_number(const gantry_config* config, const char* name, double* out);
  static std::int32_t config_text(const gantry_config* config, const char* name, std::size_t index,
                                  gantry_str* out);

 private:
  struct Entry {
    config::OptionType type;
    config::SettingValue value;
  };
  static const Entry* find(const gantry_config* config, const char* name, const void* out);

  std::map<std::string, Entry, std::less<>> entries_;
  Misbehaviour& misbehaviour_;
  std::atomic<bool> readable_ = false;
};

}  // namespace gantry::plugin
