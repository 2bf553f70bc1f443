#include "forwarding.hpp"

#include <map>
#include <set>

#include "support/free_port.hpp"
#include "unit/http/http_client.hpp"

namespace gantry::test {
namespace {

constexpr int kKeys = 71;

bool numbered(const Record& record) {
  return record.value && !record.value->empty() && std::isdigit(record.value->front()) != 0;
}

}  // namespace

Forwarding::Forwarding(KafkaCluster& cluster) : EndToEnd(cluster) {
  files.set("OUT", out).set("HTTP_PORT", std::to_string(free_port()));
}

void Forwarding::SetUp() {
  kafka.create_topic(topic);
  kafka.create_topic(dlq);
  write_main();
}

void Forwarding::write_route(const std::string& more, const std::string& handler) {
  files.route("forward",
              "[[plugin]]\nlibrary = \"libforward.so\"\n[[route]]\nname = \"forward\"\n"
              "topics = [\"@TOPIC@\"]\nhandler = \"" +
                  handler +
                  "\"\n"
                  "outputs.out = { topic = \"@OUT@\"" +
                  (more.empty() ? "" : ", ") + more + " }\n");
}

void Forwarding::write_http_route() {
  write_main("[http]\nlisten = \"127.0.0.1:@HTTP_PORT@\"\n");
  files.route("forward",
              "[[plugin]]\nlibrary = \"libforward.so\"\n[[route]]\nname = \"forward\"\n"
              "http = { method = \"POST\", path = \"/forward\" }\nhandler = \"forward\"\n"
              "outputs.out = { topic = \"@OUT@\" }\n");
}

HttpAnswer Forwarding::post(const std::string& body) const {
  HttpClient client(static_cast<std::uint16_t>(std::stoi(files.filled("@HTTP_PORT@"))));
  const Answer answer = client.ask(
      "POST /forward HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body);
  return {answer.status, answer.body};
}

void Forwarding::produce(int count, int first) {
  std::vector<Record> records;
  for (int i = first; i < first + count; ++i)
    records.push_back(
        {.topic = topic, .key = std::to_string(i * 31 % kKeys), .value = std::to_string(i)});
  kafka.produce(records);
}

std::size_t Forwarding::written() {
  std::size_t all = 0;
  for (const auto& [partition, end] : kafka.high_watermarks(out))
    all += static_cast<std::size_t>(end);
  return all;
}

void Forwarding::expect_all_in_order(std::size_t count) {
  std::map<std::string, int> last;
  std::set<int> seen;
  for (const Record& record : kafka.consume_all(out)) {
    if (!numbered(record)) continue;
    const int number = std::stoi(*record.value);
    if (!seen.insert(number).second) continue;
    int& before = last[*record.key];
    EXPECT_LT(before, number) << "out of order, key " << *record.key;
    before = number;
  }
  EXPECT_EQ(seen.size(), count);
}

}  // namespace gantry::test
