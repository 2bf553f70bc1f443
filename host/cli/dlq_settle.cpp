// gantry dlq replay | discard: copies and marks, or with --dry-run only says so.
#include <signal.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <iostream>
#include <map>
#include <optional>
#include <set>

#include "cli/action_log.hpp"
#include "cli/dlq.hpp"
#include "cli/exit_code.hpp"
#include "cli/letter_text.hpp"
#include "cli/progress.hpp"
#include "config/load.hpp"
#include "dlq/replay_plan.hpp"
#include "dlq/replay_topics.hpp"
#include "dlq/settling.hpp"
#include "kafka/producer.hpp"

namespace gantry::cli {
namespace {

namespace json = boost::json;
using dlq::Action;

constexpr std::chrono::seconds kMessageTimeout{30};

volatile sig_atomic_t interrupted = 0;

// What is on its way is waited for and written down; a second one ends the command at once.
void stop_at_interrupt() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = 1; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

// What became of the letters, or would.
struct Tally {
  std::size_t selected = 0;
  std::size_t settled = 0;
  std::size_t copies_found = 0;                // of an earlier run that was killed
  std::map<std::string, std::size_t> targets;  // letters that go, or would, by topic
  std::map<std::string, std::size_t> left;     // letters that stay, by why
  std::string error;
};

class Run {
 public:
  Run(const config::Config& config, dlq::Letters& letters, const DlqOptions& options, Action action)
      : config_(config), letters_(letters), options_(options), action_(action) {}

  Tally run(const dlq::Filter& filter, const dlq::Selection& selection) {
    tally_.selected = selection.size();
    if (!options_.dry_run) {
      topics_.emplace(config_, letters_.reader());
      producer_.emplace(kafka::producer_settings(config_, "dlq", kMessageTimeout));
      settling_.emplace(*producer_, who());
      progress_.emplace(std::cerr, isatty(STDERR_FILENO) != 0,
                        std::string(dlq::action_name(action_)), selection.size());
    }
    try {
      letters_.each(filter, selection, [this](dlq::Letter&& letter) { return take(letter); });
    } catch (const std::exception& error) {  // what is on its way is settled all the same
      tally_.error = error.what();
    }
    if (settling_) finish();
    return tally_;
  }

 private:
  bool take(const dlq::Letter& letter) {
    const bool more = action_ == Action::discarded ? discard(letter) : replay(letter);
    if (progress_) progress_->at(settling_->counts().settled);
    return more && interrupted == 0;
  }

  bool discard(const dlq::Letter& letter) {
    if (options_.dry_run) return true;
    topics_->ensure_settled(letter.id.topic);
    return settling_->settle(letter, Action::discarded);
  }

  bool replay(const dlq::Letter& letter) {
    dlq::ReplayPlan plan = dlq::plan_replay(letter, config_, options_.max_replays);
    if (!plan.refusal.empty()) {
      ++tally_.left[plan.refusal];
      return true;
    }
    ++tally_.targets[plan.copy.topic];
    if (options_.dry_run) return true;
    topics_->ensure_settled(letter.id.topic);
    if (topics_->has_copy(letter, plan.copy)) {
      ++tally_.copies_found;
      return settling_->settle(letter, Action::replayed);
    }
    return settling_->replay(letter, std::move(plan.copy));
  }

  void finish() {
    for (const auto& [topic, keys] : letters_.obsolete())
      for (const std::string& key : keys) settling_->forget(topic, key);
    settling_->finish();
    const dlq::Settling::Counts counts = settling_->counts();
    progress_->at(counts.settled);
    progress_.reset();
    tally_.settled = counts.settled;
    if (tally_.error.empty()) tally_.error = counts.error;
    if (counts.refused != 0)
      tally_.left["the brokers refuse it: " + counts.refusal] = counts.refused;
  }

  const config::Config& config_;
  dlq::Letters& letters_;
  const DlqOptions& options_;
  const Action action_;
  Tally tally_;
  std::optional<dlq::ReplayTopics> topics_;
  std::optional<kafka::Producer> producer_;
  std::optional<dlq::Settling> settling_;
  std::optional<Progress> progress_;
};

std::string letters_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " dead letter" : " dead letters");
}

void print(const Tally& tally, Action action, bool dry_run) {
  const std::string done(dlq::action_name(action));
  if (!dry_run) {
    std::cout << tally.settled << " of " << letters_text(tally.selected) << ' ' << done << '\n';
  } else if (action == Action::discarded) {
    std::cout << "would discard " << letters_text(tally.selected) << '\n';
  }
  for (const auto& [topic, count] : tally.targets)
    if (dry_run) std::cout << "would replay " << count << " to " << topic << '\n';
  if (tally.copies_found != 0)
    std::cout << tally.copies_found << " had their copy already, of a run that was cut off\n";
  for (const auto& [reason, count] : tally.left)
    std::cout << count << (dry_run ? " would stay: " : " stay: ") << reason << '\n';
}

void print_json(const Tally& tally, Action action, bool dry_run) {
  json::object targets, left;
  for (const auto& [topic, count] : tally.targets) targets[topic] = count;
  for (const auto& [reason, count] : tally.left) left[reason] = count;
  std::cout << json::serialize(json::object{{"action", dlq::action_name(action)},
                                            {"dryRun", dry_run},
                                            {"selected", tally.selected},
                                            {"settled", tally.settled},
                                            {"targets", std::move(targets)},
                                            {"left", std::move(left)}})
            << '\n';
}

int settle(const DlqOptions& options, Action action) {
  const config::Config config = config::load(options.config);
  const std::set<std::string> topics = dlq_topics(options, config);
  const dlq::Filter filter = dlq_filter(options, topics);
  if (filter.all() && !options.all) {
    std::cerr << "gantry: say which: name dead letters, filter them (--route, --since, …), or take "
                 "--all\n";
    return kUsage;
  }
  dlq::Letters letters(config, topics);
  refuse_unknown(options, letters);
  const dlq::Selection selection = letters.select(filter);
  if (options.dry_run && !options.json && selection.size() != 0)
    print_groups(std::cout, selection.groups());
  stop_at_interrupt();
  const Tally tally = Run(config, letters, options, action).run(filter, selection);
  if (options.json)
    print_json(tally, action, options.dry_run);
  else
    print(tally, action, options.dry_run);
  if (!options.dry_run && selection.size() != 0)
    log_action(action == Action::replayed ? "dead letters replayed" : "dead letters discarded",
               {{"by", who()},
                {"filter", options.words},
                {"selected", tally.selected},
                {"settled", tally.settled}});
  if (!tally.error.empty())
    throw std::runtime_error("not all could be settled: " + tally.error +
                             "; the same command goes on where this one stopped");
  if (options.dry_run) return kDone;
  if (interrupted != 0) std::cerr << "gantry: interrupted; the same command goes on\n";
  return tally.settled == tally.selected ? kDone : kFailed;
}

}  // namespace

int replay_letters(const DlqOptions& options) { return settle(options, Action::replayed); }
int discard_letters(const DlqOptions& options) { return settle(options, Action::discarded); }

}  // namespace gantry::cli
