#include "embedded/postgres.hpp"

#include <signal.h>
#include <sys/un.h>
#include <unistd.h>

#include <pqxx/pqxx>
#include <stdexcept>
#include <system_error>

#include "embedded/log_file.hpp"
#include "embedded/postgres_programs.hpp"

namespace gantry::embedded {
namespace fs = std::filesystem;
namespace {

constexpr const char* kUser = "gantry";
constexpr const char* kPort = "5432";  // names the socket's file, nothing else
constexpr std::chrono::seconds kPatience{60};

std::string quoted(const std::string& text) {
  if (text.find_first_of(" '\\") == std::string::npos) return text;
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return result + '\'';
}

void check_length(const fs::path& folder) {
  const std::string socket = (folder / ".s.PGSQL.").string() + kPort;
  if (socket.size() < sizeof(sockaddr_un::sun_path)) return;
  throw std::runtime_error("the path of a Unix socket is too long, " + socket +
                           ": set TMPDIR to a shorter folder");
}

}  // namespace

Postgres::Postgres(const fs::path& folder)
    : folder_(folder), programs_(find_postgres_programs()), user_(server_user()) {}

void Postgres::start(const Interrupts& interrupts) {
  check_length(folder_);
  fs::create_directory(folder_);
  fs::permissions(folder_, fs::perms::owner_all);
  if (user_ && chown(folder_.c_str(), user_->uid, user_->gid) != 0) {
    throw std::system_error(errno, std::generic_category(), "chown " + folder_.string());
  }
  make_cluster(interrupts);
  start_server(interrupts);
}

void Postgres::make_cluster(const Interrupts& interrupts) {
  const fs::path log = folder_ / "initdb.log";
  ChildProcess initdb(
      {{(programs_ / "initdb").string(), "--pgdata", "cluster", "--username", kUser, "--auth=trust",
        "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"},
       folder_,
       log,
       user_,
       SIGTERM});
  interrupts.wait_until([&] { return initdb.ended().has_value(); }, kPatience,
                        [&] { return "initdb does not end.\n" + last_lines(log); });
  if (*initdb.ended() != 0) {
    throw std::runtime_error("PostgreSQL's initdb failed, run as " +
                             (user_ ? user_->name : std::string("this user")) + " in " +
                             folder_.string() + ".\n" + last_lines(log));
  }
}

void Postgres::start_server(const Interrupts& interrupts) {
  const fs::path log = folder_ / "postgres.log";
  std::vector<std::string> words{(programs_ / "postgres").string(), "-D", "cluster", "-p", kPort};
  const std::string socket = "unix_socket_directories=\"" + folder_.string() + '"';
  for (const std::string setting :
       {"listen_addresses=", socket.c_str(), "fsync=off", "full_page_writes=off",
        "max_connections=100", "shared_buffers=32MB",
        // Of a server that crashed the default's memory would stay in /dev/shm.
        "dynamic_shared_memory_type=mmap"}) {
    words.insert(words.end(), {"-c", setting});
  }
  server_ = std::make_unique<ChildProcess>(Command{words, folder_, log, user_, SIGQUIT});
  interrupts.wait_until(
      [&] {
        if (server_->ended()) {
          throw std::runtime_error("PostgreSQL did not start.\n" + last_lines(log));
        }
        return takes_connections();
      },
      kPatience, [&] { return "PostgreSQL takes no connections.\n" + last_lines(log); });
}

bool Postgres::takes_connections() {
  try {
    pqxx::connection connection(dsn("postgres"));
    pqxx::nontransaction work(connection);
    const std::string text = work.exec("SHOW server_version")[0][0].as<std::string>();
    version_ = text.substr(0, text.find(' '));
    return true;
  } catch (const pqxx::broken_connection&) {
    return false;
  }
}

std::string Postgres::dsn(const std::string& database) const {
  return "host=" + quoted(folder_.string()) + " port=" + kPort + " user=" + kUser +
         " dbname=" + quoted(database);
}

void Postgres::create_database(const std::string& name) {
  pqxx::connection connection(dsn("postgres"));
  pqxx::nontransaction work(connection);
  work.exec("CREATE DATABASE " + work.quote_name(name));
}

}  // namespace gantry::embedded
