#include "fleet.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include "support/wait.hpp"

namespace gantry::test {

namespace json = boost::json;

void Fleet::end(int number) { EXPECT_EQ(hosts_[number]->terminate(), 0); }

void Fleet::leave(int number) {
  whole_[number] = read_file(files_[number].file());
  files_[number].main(whole_[number].substr(0, whole_[number].find("[[route]]")));
  hosts_[number]->signal(SIGHUP);
}

void Fleet::come_back(int number) {
  files_[number].main(whole_[number]);
  hosts_[number]->signal(SIGHUP);
}

json::object Fleet::route_of(int number) const {
  const HttpAnswer answer = hosts_[number]->get("/routes");
  if (answer.status != 200) return {};
  const json::value all = json::parse(answer.body);
  const json::array& routes = all.at("routes").as_array();
  return routes.empty() ? json::object{} : routes.at(0).as_object();
}

std::set<std::int32_t> Fleet::partitions_of(int number) const {
  std::set<std::int32_t> partitions;
  const json::object route = route_of(number);
  if (const json::value* all = route.if_contains("partitions"))
    for (const json::value& one : all->as_array())
      if (one.at("topic") == json::value(topic_))
        partitions.insert(one.at("partition").to_number<std::int32_t>());
  return partitions;
}

void Fleet::wait_until_shared_by(const std::set<int>& numbers) {
  Owners owners;
  eventually(
      [&] {
        owners.clear();
        std::size_t said = 0;
        std::set<int> busy;
        for (const int number : numbers)
          for (const std::int32_t partition : partitions_of(number)) {
            owners[partition] = number;
            busy.insert(number);
            ++said;
          }
        return owners.size() == partitions_ && said == partitions_ && busy == numbers;
      },
      60s,
      [&] {
        return "all partitions to be with " + std::to_string(numbers.size()) +
               " hosts; owners are known of " + std::to_string(owners.size());
      });
  for (const auto& [partition, owner] : owners) moved_ += owners_[partition] != owner;
  owners_ = owners;
}

void Fleet::wait_until_at_work(int number) const {
  eventually(
      [&] {
        const json::object route = route_of(number);
        const json::value* in_flight = route.if_contains("inFlight");
        return in_flight != nullptr && in_flight->to_number<int>() > 0;
      },
      60s, "messages in the hands of host " + std::to_string(number));
}

}  // namespace gantry::test
