#include "cli/dev_guide.hpp"

#include <unistd.h>

#include <cstdlib>
#include <set>
#include <sstream>
#include <string>

#include "embedded/samples.hpp"

namespace gantry::cli {
namespace {

using config::Config;
using config::Route;

bool in_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access((folder + '/' + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

std::string first_broker(const std::string& bootstrap) {
  return bootstrap.substr(0, bootstrap.find(','));
}

// What a route is asked: known of the handlers that come with Gantry, an empty object of others.
std::string sample_body(const Route& route) {
  if (route.handler == "payment") {
    return R"({"orderId":1,"userId":1,"amount":)" + std::to_string(embedded::kSampleAmount) +
           R"(,"currency":")" + embedded::kSampleCurrency + R"("})";
  }
  if (route.handler == "coupon-request") return R"({"userId":1})";
  return "{}";
}

std::string sample_path(std::string path) {
  for (std::size_t begin = path.find('{'); begin != std::string::npos; begin = path.find('{')) {
    path.replace(begin, path.find('}', begin) + 1 - begin, "1");
  }
  return path;
}

std::string sample_note(const Route& route) {
  if (route.handler == "payment") {
    return ": orders 1 to " + std::to_string(embedded::kSampleOrders) +
           " wait for payment, order N is user N's";
  }
  if (route.handler == "coupon-request") {
    return ": coupon 1 has a stock of 50, coupon 2 of 1,000, coupon 3 is not open yet";
  }
  return "";
}

void print_places(std::ostream& out, const embedded::Development& development) {
  const service::Host& host = development.host();
  if (host.http_port() != 0) out << "  HTTP        http://127.0.0.1:" << host.http_port() << '\n';
  out << "  health      http://127.0.0.1:" << host.admin_port() << "/readyz\n"
      << "  Kafka       " << development.kafka().bootstrap() << '\n'
      << "  AlertTalk   " << development.alert_talk_url() << '\n';
  for (const auto& [name, database] : development.config().databases) {
    out << "  PostgreSQL  " << database.dsn << '\n';
  }
  out << "  log         " << development.log_file().string() << '\n';
}

void print_requests(std::ostream& out, const embedded::Development& development) {
  for (const Route& route : development.config().routes) {
    if (!route.http) continue;
    out << "\n  " << route.name << sample_note(route) << "\n    curl -i -w '\\n'"
        << (route.http->method == "POST" ? "" : " -X " + route.http->method)
        << " http://127.0.0.1:" << development.host().http_port() << sample_path(route.http->path)
        << " -H 'Content-Type: application/json' -d '" << sample_body(route) << "'\n";
  }
}

void print_topics(std::ostream& out, const embedded::Development& development) {
  std::set<std::string> topics;
  std::set<std::string> dead_letters;
  for (const Route& route : development.config().routes) {
    topics.insert(route.topics.begin(), route.topics.end());
    if (!route.http) dead_letters.insert(route.dead_letter.topic);
  }
  const std::string broker = first_broker(development.kafka().bootstrap());
  if (topics.empty()) return;
  out << "\n  the events, and what becomes of those that nobody can handle"
      << (in_path("kcat") ? "" : " (kcat: apt-get install kcat)") << '\n';
  for (const std::string& topic : topics) {
    out << "    kcat -b " << broker << " -t " << topic << " -C -e -q\n";
  }
  out << "    echo 'not an order' | kcat -b " << broker << " -t " << *topics.rbegin() << " -P\n";
  for (const std::string& topic : dead_letters) {
    out << "    kcat -b " << broker << " -t " << topic << " -C -e -q -f '%h\\n  %s\\n'\n";
  }
}

void print_databases(std::ostream& out, const embedded::Development& development) {
  for (const auto& [name, database] : development.config().databases) {
    out << "\n  what was saved"
        << (in_path("psql") ? "" : " (psql: apt-get install postgresql-client)") << "\n    psql \""
        << database.dsn << "\" -c '\\d'\n";
  }
}

void print_reload(std::ostream& out, const embedded::Development& development) {
  out << "\n  after an edit of the configuration, or a build of a plugin\n    gantry reload "
         "--socket "
      << development.config().admin.socket->string() << '\n';
}

}  // namespace

void print_dev_guide(std::ostream& out, const embedded::Development& development) {
  print_places(out, development);
  out << "\nTry, in another terminal:\n";
  print_requests(out, development);
  print_topics(out, development);
  print_databases(out, development);
  print_reload(out, development);
  out << "\nCtrl-C ends it and removes everything.\n" << std::flush;
}

}  // namespace gantry::cli
