#include "embedded/development.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <utility>

#include "embedded/overlay.hpp"
#include "embedded/postgres_programs.hpp"
#include "embedded/samples.hpp"
#include "observe/log.hpp"
#include "outbox/migrations.hpp"
#include "service/lifetime.hpp"

namespace gantry::embedded {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::seconds kReadyWithin{60};

// The credentials that the shipped configuration recommends for production, so that it can be read
// here; what they hold is replaced.
void write_credentials(const fs::path& folder) {
  fs::create_directory(folder);
  for (const char* name : {"postgres-dsn", "alerttalk-sender-key"}) {
    std::ofstream(folder / name) << "host=replaced\n";
  }
  setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 0);
}

std::string text_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

Development::Development(Wishes wishes, const Interrupts& interrupts)
    : wishes_(std::move(wishes)),
      config_file_(wishes_.config_file),
      interrupts_(interrupts),
      folder_(wishes_.folder_stem, kLogName) {
  if (!wishes_.log_to_stderr) log_.emplace(log_file());
  if (!wishes_.any_port) ports_.emplace();
  write_credentials(folder_ / "credentials");
}

Development::~Development() = default;

// What is quick comes first, so that a configuration that is wrong is told at once.
void Development::start() {
  if (wishes_.make_config) config_file_ = wishes_.make_config(folder_.path());
  alert_talk_ = std::make_unique<AlertTalk>(wishes_.on_notification);
  wishes_.started("AlertTalk");
  kafka_ = std::make_unique<Kafka>();
  wishes_.started("Kafka, three brokers");
  postgres_ = std::make_unique<Postgres>(folder_ / "postgres");
  service::Prepared prepared = prepare({});
  service::configure_log(prepared.config.log);
  postgres_->start(interrupts_);
  wishes_.started("PostgreSQL " + postgres_->version());
  make_tables(prepared);
  wishes_.started("tables");
  host_ =
      std::make_unique<service::Host>(std::move(prepared), [this](const service::Overlay& more) {
        service::Prepared next = prepare(more);
        migrate(next);
        return next;
      });
  host_->start();
  wait_until_ready();
  wishes_.started(std::to_string(config().routes.size()) + " routes");
}

service::Prepared Development::prepare(const service::Overlay& more) const {
  std::map<std::string, TopicShape> topics;
  const Addresses addresses{kafka_->bootstrap(), alert_talk_->url(), folder_ / "state",
                            [this](const std::string& name) { return postgres_->dsn(name); },
                            !ports_ || !ports_->granted()};
  fs::create_directory(addresses.state_dir);
  service::Prepared prepared = service::prepare(
      config_file_, service::Copies::state_dir,
      [&](config::Config& config) {
        topics = topics_used(config);
        use(addresses, config);
        if (wishes_.for_debugger) give_all_time(config);
        if (host_ != nullptr) keep_addresses(config);
        if (more) more(config);
      },
      service::PluginRules::told);
  for (const auto& [name, shape] : topics) {
    kafka_->create_topic(name, shape.partitions, shape.replicas);
  }
  return prepared;
}

// A port that this very process has is not free for it any more.
void Development::keep_addresses(config::Config& config) const {
  if (config.http && host_->config().http) config.http->listen = host_->config().http->listen;
  config.admin = host_->config().admin;
}

void Development::make_tables(const service::Prepared& prepared) {
  for (const auto& [name, database] : prepared.config.databases) postgres_->create_database(name);
  for (const outbox::DatabaseMigrations& database : migrate(prepared)) insert_samples(database.dsn);
}

std::vector<outbox::DatabaseMigrations> Development::migrate(const service::Prepared& prepared) {
  auto plan = outbox::migrations_of(prepared.config, prepared.plugins.catalog());
  for (const outbox::DatabaseMigrations& database : plan)
    outbox::apply_migrations(database.dsn, database.migrations, [](const outbox::Migration&) {});
  return plan;
}

std::vector<std::string> Development::plugin_rules() const {
  std::vector<std::string> lines{
      "Plugins are loaded here whoever owns them or can write to them; gantry run checks that."};
  for (const plugin::Fault& fault : host_->plugins().untrusted())
    lines.push_back("gantry run would refuse: " + fault.message);
  return lines;
}

void Development::wait_until_ready() const {
  interrupts_.wait_until([this] { return host_->health().ready(); }, kReadyWithin,
                         [this] {
                           std::string text = "the host is not ready:";
                           for (const auto& [name, part] : host_->health().snapshot()) {
                             if (!part.ready)
                               text += "\n  " + name + ": " + part.state + ", " + part.reason;
                           }
                           return text;
                         });
}

bool Development::end() {
  const bool ended = host_ == nullptr || service::stop_in_time(*host_);
  if (ended) {
    host_.reset();
    kafka_.reset();
  } else {
    // Its threads still use both.
    static_cast<void>(host_.release());
    static_cast<void>(kafka_.release());
  }
  postgres_.reset();
  alert_talk_.reset();
  log::flush();
  log_.reset();
  return ended;
}

int run_development(Wishes wishes, const std::function<int(Development&)>& work) {
  const Interrupts interrupts{service::block_signals()};
  find_postgres_programs();  // before anything is begun
  std::exception_ptr failure;
  std::string log;
  int code = EXIT_FAILURE;
  bool ended = true;
  {
    Development development(std::move(wishes), interrupts);
    try {
      development.start();
      code = work(development);
    } catch (const Interrupted& interrupted) {
      code = 128 + interrupted.signal();
    } catch (...) {
      failure = std::current_exception();
    }
    if (code == EXIT_FAILURE && development.has_host()) log = last_lines(development.log_file());
    ended = development.end();
  }
  std::cout.flush();
  std::cerr << log << std::flush;
  if (!ended) {
    if (failure) std::cerr << "gantry: " << text_of(failure) << '\n';
    _exit(code);
  }
  if (failure) std::rethrow_exception(failure);
  return code;
}

}  // namespace gantry::embedded
