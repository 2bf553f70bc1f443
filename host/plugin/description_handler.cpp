#include "plugin/description_handler.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace gantry::plugin {
namespace {

using config::OptionType;

std::optional<OptionType> option_type(std::uint32_t type) {
  switch (type) {
    case GANTRY_BOOL:
      return OptionType::boolean;
    case GANTRY_INTEGER:
      return OptionType::integer;
    case GANTRY_NUMBER:
      return OptionType::number;
    case GANTRY_TEXT:
      return OptionType::text;
    case GANTRY_TEXT_LIST:
      return OptionType::text_list;
    case GANTRY_DURATION_MS:
      return OptionType::duration_ms;
    case GANTRY_URL:
      return OptionType::url;
    case GANTRY_DATABASE:
      return OptionType::database;
    default:
      return std::nullopt;
  }
}

std::string item(const char* kind, std::size_t i, const std::string& name) {
  return name.empty() ? std::string(kind) + " " + std::to_string(i)
                      : std::string(kind) + " '" + name + "'";
}

void describe_options(const gantry_handler_type& type, const Check& check,
                      config::HandlerSpec& spec) {
  if (!check.array(type.options, type.option_count, "options")) return;
  std::set<std::string> names;
  for (std::size_t i = 0; i < type.option_count; ++i) {
    const gantry_option* raw = type.options[i];
    config::OptionSpec option;
    if (!check.within(item("option", i, {})).size(raw, "gantry_option")) continue;
    if (!check.within(item("option", i, {})).name(raw->name, "name", '_', option.name)) continue;
    const Check here = check.within(item("option", i, option.name));
    if (!names.insert(option.name).second) {
      here.fault("is declared twice", "give each option a name of its own");
    }
    here.text(raw->help, "help", option.help);
    if (raw->fallback != nullptr) option.fallback = raw->fallback;
    if (raw->allowed != nullptr) option.allowed = raw->allowed;
    here.flags(raw->flags, GANTRY_SECRET);
    const auto known = option_type(raw->type);
    if (!known) {
      here.fault("type " + std::to_string(raw->type) + " is not known to this host",
                 "use GANTRY_BOOL to GANTRY_DATABASE, or install a newer host");
      continue;
    }
    option.type = *known;
    option.secret = (raw->flags & GANTRY_SECRET) != 0 || option.type == OptionType::database;
    spec.options.push_back(std::move(option));
  }
}

void describe_outputs(const gantry_handler_type& type, const Check& check,
                      config::HandlerSpec& spec) {
  if (!check.array(type.outputs, type.output_count, "outputs")) return;
  std::set<std::string> names;
  for (std::size_t i = 0; i < type.output_count; ++i) {
    const gantry_output* raw = type.outputs[i];
    config::OutputSpec output;
    if (!check.within(item("output", i, {})).size(raw, "gantry_output")) continue;
    if (!check.within(item("output", i, {})).name(raw->name, "name", '_', output.name)) continue;
    const Check here = check.within(item("output", i, output.name));
    if (!names.insert(output.name).second) {
      here.fault("is declared twice", "give each output a name of its own");
    }
    here.text(raw->help, "help", output.help);
    here.reserved(raw->reserved);
    if (here.text(raw->key_format, "key_format", output.key_format) &&
        output.key_format != "bytes" && output.key_format != "text" &&
        output.key_format != "int64") {
      here.fault("key_format '" + output.key_format + "' is not known to this host",
                 "use \"bytes\", \"text\" or \"int64\"");
    }
    if (raw->required > 1) {
      here.fault("required is " + std::to_string(raw->required), "set it to 0 or 1");
    }
    output.required = raw->required == 1;
    spec.outputs.push_back(std::move(output));
  }
}

// The database option a migration is for: the one it names, or the only one.
void find_database(const gantry_migration& raw, const Check& check, const config::HandlerSpec& spec,
                   config::MigrationSpec& migration) {
  std::vector<std::string> databases;
  for (const config::OptionSpec& option : spec.options) {
    if (option.type == OptionType::database) databases.push_back(option.name);
  }
  if (raw.database != nullptr) {
    migration.database = raw.database;
    if (std::find(databases.begin(), databases.end(), migration.database) != databases.end())
      return;
    check.fault("database '" + migration.database + "' is not a database option of this handler",
                "name one of its options of type GANTRY_DATABASE");
  } else if (databases.size() == 1) {
    migration.database = databases.front();
  } else {
    check.fault("database is NULL, but the handler has " + std::to_string(databases.size()) +
                    " database options",
                "name the option it is for");
  }
}

void describe_migrations(const gantry_handler_type& type, const Check& check,
                         config::HandlerSpec& spec) {
  if (!check.array(type.migrations, type.migration_count, "migrations")) return;
  std::set<std::uint32_t> numbers;
  for (std::size_t i = 0; i < type.migration_count; ++i) {
    const gantry_migration* raw = type.migrations[i];
    if (!check.within(item("migration", i, {})).size(raw, "gantry_migration")) continue;
    const Check here = check.within("migration " + std::to_string(raw->number));
    config::MigrationSpec migration;
    migration.number = raw->number;
    if (migration.number == 0) here.fault("number is 0", "number migrations from 1");
    if (!numbers.insert(migration.number).second) {
      here.fault("is there twice", "give each migration a number of its own");
    }
    here.text(raw->name, "name", migration.name);
    here.text(raw->sql, "sql", migration.sql);
    here.reserved(raw->reserved);
    find_database(*raw, here, spec, migration);
    spec.migrations.push_back(std::move(migration));
  }
  std::sort(spec.migrations.begin(), spec.migrations.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
}

void describe_flags(const gantry_handler_type& type, const Check& check,
                    config::HandlerSpec& spec) {
  constexpr std::uint32_t sources = GANTRY_SOURCE_TOPIC | GANTRY_SOURCE_HTTP;
  spec.flags = type.flags;
  spec.max_batch = type.max_batch;
  check.flags(type.flags,
              sources | GANTRY_USES_OUTBOX | GANTRY_MAY_PEND | GANTRY_ORDERS_WITHIN_BATCH);
  if ((type.flags & sources) == 0) {
    check.fault("flags names no source", "set GANTRY_SOURCE_TOPIC, GANTRY_SOURCE_HTTP or both");
  }
  if (type.max_batch == 0) check.fault("max_batch is 0", "set it to 1, or more for batches");
  const bool has_database =
      std::any_of(spec.options.begin(), spec.options.end(),
                  [](const auto& option) { return option.type == OptionType::database; });
  if ((type.flags & GANTRY_USES_OUTBOX) != 0 && !has_database) {
    check.fault("flags has GANTRY_USES_OUTBOX, but no option is of type GANTRY_DATABASE",
                "declare the database it inserts into");
  }
}

void describe_functions(const gantry_handler_type& type, const Check& check) {
  const auto need = [&](bool is_there, const std::string& name) {
    if (!is_there)
      check.fault(name + " is NULL", "set " + name + "; a handler can't be without it");
  };
  need(type.create != nullptr, "create");
  need(type.handle != nullptr, "handle");
  need(type.destroy != nullptr, "destroy");
}

void describe_extensions(const gantry_handler_type& type, const Check& check,
                         const ExtensionIds& offered, config::HandlerSpec& spec) {
  if (!check.array(type.required_extensions, type.required_extension_count,
                   "required_extensions")) {
    return;
  }
  for (std::size_t i = 0; i < type.required_extension_count; ++i) {
    std::string id;
    if (!check.text(type.required_extensions[i], "required_extensions", id)) continue;
    if (!offered.contains(id)) {
      check.fault("requires the extension '" + id + "', which this host does not offer",
                  "install a newer host");
    }
    spec.required_extensions.push_back(std::move(id));
  }
}

}  // namespace

config::HandlerSpec describe_handler(const gantry_handler_type* type, const Check& check,
                                     const ExtensionIds& offered) {
  config::HandlerSpec spec;
  if (!check.size(type, "gantry_handler_type")) return spec;
  if (!check.name(type->id, "id", '-', spec.id)) spec.id.clear();
  check.text(type->summary, "summary", spec.summary);
  describe_options(*type, check, spec);
  describe_flags(*type, check, spec);
  describe_outputs(*type, check, spec);
  describe_migrations(*type, check, spec);
  describe_extensions(*type, check, offered, spec);
  describe_functions(*type, check);
  return spec;
}

}  // namespace gantry::plugin
