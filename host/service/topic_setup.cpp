#include "service/topic_setup.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "kafka/letter_topics.hpp"
#include "observe/log.hpp"
#include "route/message/replayed.hpp"

namespace gantry::service {
namespace {

constexpr std::chrono::seconds kAnswerWithin{5};
constexpr std::chrono::seconds kAskAgain{1};
constexpr const char* kNotAsked = "no broker has answered yet";

}  // namespace

TopicSetup::TopicSetup(std::shared_ptr<const config::Config> config)
    : admin_(*config), config_(std::move(config)), error_(kNotAsked) {}

TopicSetup::~TopicSetup() { stop(); }

void TopicSetup::start() { thread_ = std::thread{&TopicSetup::run, this}; }

void TopicSetup::stop() {
  {
    const std::lock_guard lock{mutex_};
    ends_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void TopicSetup::use(std::shared_ptr<const config::Config> config) {
  {
    const std::lock_guard lock{mutex_};
    config_ = std::move(config);
    error_ = kNotAsked;
  }
  changed_.notify_all();
}

void TopicSetup::run() {
  std::unique_lock lock{mutex_};
  while (!ends_) {
    const auto config = config_;
    lock.unlock();
    const bool all_is_well = ask(config);
    lock.lock();
    const auto news = [&] { return ends_ || config_ != config; };
    if (all_is_well)
      changed_.wait(lock, news);
    else
      changed_.wait_for(lock, kAskAgain, news);
  }
}

bool TopicSetup::ask(const std::shared_ptr<const config::Config>& about) {
  const config::Config& config = *about;
  std::set<std::string> read;
  std::set<std::string> used;
  for (const config::Route& route : config.routes) {
    read.insert(route.topics.begin(), route.topics.end());
    used.insert(route.dead_letter.topic);
    for (const auto& [name, output] : route.outputs) used.insert(output.topic);
  }
  used.insert(read.begin(), read.end());
  try {
    const kafka::TopicReport report = admin_.ensure(config.topics, used, kAnswerWithin);
    tell(report);
    const bool replays_are_well =
        make_replay_topics(config);  // first: consumers find them at once then
    auto counts = admin_.partition_counts(read, kAnswerWithin);
    const std::lock_guard lock{mutex_};
    if (config_ != about) return false;
    error_.clear();
    problems_.clear();
    for (const kafka::TopicProblem& problem : report.problems)
      problems_[problem.topic] = problem.text;
    partitions_ = std::move(counts);
    return report.problems.empty() && partitions_.size() == read.size() && replays_are_well;
  } catch (const kafka::AdminError& error) {
    const std::lock_guard lock{mutex_};
    if (config_ == about) error_ = error.what();
    return false;
  }
}

// One a route, after its dead-letter topic. A route that can't have one goes on without, and finds
// it when somebody else makes it. False: ask again.
bool TopicSetup::make_replay_topics(const config::Config& config) {
  try {
    std::map<std::string, std::string> missing;  // by route: its dead-letter topic
    for (const config::Route& route : config.routes)
      if (!route.topics.empty()) missing[route.name] = route.dead_letter.topic;
    std::set<std::string> names;
    for (const auto& [route, letters] : missing) names.insert(route::replay_topic(route));
    const auto present = admin_.partition_counts(names, kAnswerWithin);
    std::erase_if(
        missing, [&](const auto& one) { return present.contains(route::replay_topic(one.first)); });
    if (missing.empty()) return true;
    names.clear();
    for (const auto& [route, letters] : missing) names.insert(letters);
    const auto like = admin_.topics(names, kAnswerWithin);
    std::map<std::string, config::Topic> wanted;
    for (const auto& [route, letters] : missing) {
      if (!like.contains(letters)) continue;
      config::Topic topic = kafka::replay_topic(route, like.at(letters));
      wanted.emplace(topic.name, std::move(topic));
    }
    return made(admin_.ensure(wanted, {}, kAnswerWithin));
  } catch (const kafka::AdminError&) {
    return false;
  }
}

bool TopicSetup::made(const kafka::TopicReport& report) {
  for (const std::string& topic : report.created)
    log::info("kafka", "topic created", {{"topic", topic}});
  for (const kafka::TopicProblem& one : report.problems)
    if (told_.insert(one.topic + '\n' + one.text).second)
      log::warning("kafka", "dead letters of a route can't be replayed without its topic",
                   {{"topic", one.topic}, {"reason", one.text}});
  return std::ranges::none_of(report.problems, &kafka::TopicProblem::may_pass);
}

void TopicSetup::tell(const kafka::TopicReport& report) {
  for (const std::string& topic : report.created)
    log::info("kafka", "topic created", {{"topic", topic}});
  for (const kafka::TopicDifference& one : report.differences)
    if (told_.insert(one.topic + '\n' + one.what + '\n' + one.actual).second)
      log::warning("kafka", "topic differs from its declaration, which changes nothing that exists",
                   {{"topic", one.topic},
                    {"setting", one.what},
                    {"declared", one.declared},
                    {"actual", one.actual}});
  for (const kafka::TopicProblem& one : report.problems)
    if (told_.insert(one.topic + '\n' + one.text).second)
      log::error("kafka", "topic can't be used; asked again until it can",
                 {{"topic", one.topic}, {"reason", one.text}});
}

std::string TopicSetup::missing(const std::vector<std::string>& topics) const {
  const std::lock_guard lock{mutex_};
  if (!error_.empty()) return error_;
  for (const std::string& topic : topics) {
    if (partitions_.contains(topic)) continue;
    const auto problem = problems_.find(topic);
    return "topic \"" + topic + "\"" +
           (problem != problems_.end() ? ": " + problem->second : " has no leader yet");
  }
  return {};
}

// Under the mutex.
std::size_t TopicSetup::partitions_of(const config::Route& route) const {
  constexpr int kGuess = 3;                          // for a topic that is not there yet
  std::size_t count = route.topics.empty() ? 0 : 1;  // of its replay topic
  for (const std::string& topic : route.topics) {
    const auto known = partitions_.find(topic);
    count += static_cast<std::size_t>(known != partitions_.end() ? known->second : kGuess);
  }
  return count;
}

kafka::Prefetch TopicSetup::prefetch(const config::Route& route) {
  const std::lock_guard lock{mutex_};
  std::size_t all = 0;
  for (const config::Route& one : config_->routes) all += partitions_of(one);
  std::int64_t held = 0;
  for (const auto& [name, kbytes] : held_kbytes_) held += kbytes;
  const std::size_t mine = partitions_of(route);
  const kafka::Prefetch share = kafka::share_memory(config_->memory_mb, all, held, mine);
  const std::int64_t its_own = static_cast<std::int64_t>(mine) * share.queue_kbytes;
  held_kbytes_[route.name] = its_own;
  const std::int64_t needed = kafka::memory_for(held + its_own);
  if (needed > config_->memory_mb)
    log::warning("kafka",
                 "memory_mb is too little for so many partitions, each of which has the least that "
                 "works; should all of them stand still with records waiting, it is exceeded",
                 {{"route", route.name},
                  {"partitions", mine},
                  {"memory_mb", config_->memory_mb},
                  {"needed_mb", needed}});
  return share;
}

void TopicSetup::give_back(const std::string& route) {
  const std::lock_guard lock{mutex_};
  held_kbytes_.erase(route);
}

}  // namespace gantry::service
