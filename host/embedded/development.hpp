// A host with all that it needs around it, in this process and for as long as it lives: a folder,
// AlertTalk, PostgreSQL, Kafka, tables, sample data, and the routes of a configuration on them.
// What `gantry dev` and `gantry demo` do, they do between start() and end(). The main thread's.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "embedded/alert_talk.hpp"
#include "embedded/interrupts.hpp"
#include "embedded/kafka.hpp"
#include "embedded/log_file.hpp"
#include "embedded/port_claim.hpp"
#include "embedded/postgres.hpp"
#include "embedded/private_folder.hpp"
#include "outbox/migrations.hpp"
#include "service/host.hpp"

namespace gantry::embedded {

struct Wishes {
  std::filesystem::path config_file;
  // Instead of it: writes one into this folder, which is gone afterwards, and returns it.
  std::function<std::filesystem::path(const std::filesystem::path& folder)> make_config;
  bool for_debugger = false;   // no time-out ends what a debugger holds
  std::string folder_stem;     // "gantry-dev"
  bool log_to_stderr = false;  // else to a file in the folder
  bool any_port = false;       // else those of the configuration, as far as they are free
  AlertTalk::OnNotification on_notification;
  std::function<void(std::string_view part)> started;  // "PostgreSQL 15.18"
};

class Development {
 public:
  // Before any thread is made.
  Development(Wishes wishes, const Interrupts& interrupts);
  ~Development();
  Development(const Development&) = delete;
  Development& operator=(const Development&) = delete;

  // Returns when every route is ready. Throws ProgramMissing, config::Invalid, Interrupted, and
  // std::runtime_error for all else; end() is needed then, too.
  void start();
  // Ends and removes everything but the folder, which goes with this. False: a handler hangs; the
  // process must _exit after ~Development, since threads of the host still run.
  bool end();

  const Interrupts& interrupts() const { return interrupts_; }
  const service::Host& host() const { return *host_; }
  service::Host& host() { return *host_; }
  const config::Config& config() const { return host_->config(); }
  const Kafka& kafka() const { return *kafka_; }
  std::string dsn(const std::string& database) const { return postgres_->dsn(database); }
  std::string alert_talk_url() const { return alert_talk_->url(); }
  std::filesystem::path log_file() const { return folder_ / kLogName; }
  // Here any library is loaded: in one sentence, and what `gantry run` would refuse, a line each.
  std::vector<std::string> plugin_rules() const;
  bool has_host() const { return host_ != nullptr; }

  static constexpr const char* kLogName = "gantry.log";

 private:
  // The configuration on the addresses of this environment, its topics made; `more` over it.
  service::Prepared prepare(const service::Overlay& more) const;
  void keep_addresses(config::Config& config) const;
  void make_tables(const service::Prepared& prepared);
  // Of the databases that are there.
  static std::vector<outbox::DatabaseMigrations> migrate(const service::Prepared& prepared);
  void wait_until_ready() const;

  const Wishes wishes_;
  std::filesystem::path config_file_;
  const Interrupts interrupts_;
  PrivateFolder folder_;
  std::optional<LogFile> log_;
  std::optional<PortClaim> ports_;
  std::unique_ptr<AlertTalk> alert_talk_;
  std::unique_ptr<Postgres> postgres_;
  std::unique_ptr<Kafka> kafka_;
  std::unique_ptr<service::Host> host_;
};

// What both commands are: an environment, `work` in it, and its end, whatever happens. Gives the
// exit code of `work`, or 128 + signal where it was broken off. After a failure the last lines of
// the log are on standard error, and the exception goes on.
int run_development(Wishes wishes, const std::function<int(Development&)>& work);

}  // namespace gantry::embedded
