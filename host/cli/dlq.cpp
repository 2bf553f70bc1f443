// gantry dlq list | show | replay | discard
#include "cli/dlq.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>

#include "cli/commands.hpp"
#include "cli/time_text.hpp"
#include "dlq/letters.hpp"

namespace gantry::cli {
namespace {

using Options = std::shared_ptr<DlqOptions>;

std::string is_time(const std::string& text) {
  if (parse_time(text, std::chrono::system_clock::now())) return {};
  return "\"" + text + "\" is no time: write 30m, 2h or 7d ago, 2026-07-01 or 2026-07-01T09:00:00Z";
}

std::int64_t ms_of(const std::string& text) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             parse_time(text, std::chrono::system_clock::now())->time_since_epoch())
      .count();
}

void add_filters(CLI::App& command, const Options& options) {
  dlq::Filter& filter = options->filter;
  add_config_option(command, options->config);
  command
      .add_option("--dlq", options->topic, "This dead-letter topic; default: those of all routes")
      ->type_name("TOPIC");
  command.add_option("--route", filter.route, "Of this route")->type_name("NAME");
  command
      .add_option("--reason", filter.reason,
                  "rejected, exhausted, crashed, send-failed, or the class of an exception")
      ->type_name("REASON");
  command.add_option("--topic", filter.topic, "That came from this topic")->type_name("TOPIC");
  command.add_option("--group", filter.group, "Of this consumer group")->type_name("GROUP");
  command.add_option("--key", options->key, "With this key, as it is listed")->type_name("KEY");
  command
      .add_option("--since", options->since,
                  "Dead since: 2h (ago), 2026-07-01, 2026-07-01T09:00:00Z")
      ->type_name("TIME")
      ->check(is_time);
  command.add_option("--until", options->until, "Dead before")->type_name("TIME")->check(is_time);
  command.add_option("--limit", filter.limit, "The oldest so many; 0: all")->type_name("N");
  command.add_flag("--json", options->json, "For programs");
}

// "--route=alert --since=2h", without the configuration's place.
std::string words_of(const CLI::App& command) {
  std::string words;
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() == 0 || option->get_name() == "--config") continue;
    std::string word = option->get_name();
    if (option->get_items_expected_max() > 0)
      for (const std::string& value : option->results())
        word += (word == option->get_name() ? '=' : ',') + value;
    words += (words.empty() ? "" : " ") + word;
  }
  return words;
}

void add_settling(CLI::App& command, const Options& options) {
  command.add_option("letter", options->letters, "DLQ-topic:0:15, or 0:15, as listed by --each")
      ->type_name("LETTER");
  command.add_flag("--all", options->all, "Every dead letter that there is");
  command.add_flag("--dry-run", options->dry_run, "Show what would be done and do nothing");
}

}  // namespace

std::set<std::string> dlq_topics(const DlqOptions& options, const config::Config& config) {
  if (!options.topic.empty()) return {options.topic};
  std::set<std::string> named;
  for (const std::string& text : options.letters)
    if (const auto id = dlq::parse_letter_id(text, "")) named.insert(id->topic);
  return named.empty() ? dlq::letter_topics(config) : named;
}

void refuse_unknown(const DlqOptions& options, const dlq::Letters& letters) {
  if (options.topic.empty() || !letters.empty()) return;
  throw std::runtime_error("there is no topic \"" + options.topic +
                           "\", or this user may not see it");
}

dlq::Filter dlq_filter(const DlqOptions& options, const std::set<std::string>& topics) {
  dlq::Filter filter = options.filter;
  const std::string only = topics.size() == 1 ? *topics.begin() : "";
  for (const std::string& text : options.letters) {
    const auto id = dlq::parse_letter_id(text, only);
    if (!id)
      throw std::runtime_error("\"" + text + "\" is no dead letter: write TOPIC:PARTITION:OFFSET" +
                               (only.empty() ? "" : " or PARTITION:OFFSET") +
                               ", as `gantry dlq list --each` shows them");
    filter.ids.push_back(*id);
  }
  if (options.has_key) filter.key = options.key;
  if (!options.since.empty()) filter.since_ms = ms_of(options.since);
  if (!options.until.empty()) filter.until_ms = ms_of(options.until);
  return filter;
}

void add_dlq(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("dlq", "Dead letters: list, show, replay, discard");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, int (*work)(const DlqOptions&),
                       const char* example) {
    CLI::App* one = command->add_subcommand(name, help);
    const auto options = std::make_shared<DlqOptions>();
    add_filters(*one, options);
    one->footer(std::string("Example: ") + example);
    one->callback([one, options, work, &action] {
      options->has_key = one->count("--key") != 0;
      options->has_limit = one->count("--limit") != 0;
      options->words = words_of(*one);
      action = [options, work] { return work(*options); };
    });
    return std::pair(one, options);
  };
  const auto [list, list_options] = add("list", "How many there are, by route, reason and topic",
                                        list_letters, "gantry dlq list --since 2h");
  list->add_flag("--each", list_options->each, "Each by itself, one a line");
  const auto [show, show_options] =
      add("show", "One of them, with headers and value: the one named, or the oldest that is found",
          show_letter, "gantry dlq show DLQ-topic:0:15");
  show->add_option("letter", show_options->letters, "DLQ-topic:0:15, or 0:15")
      ->type_name("LETTER")
      ->expected(0, 1);
  show->add_flag("--raw", show_options->raw, "The value's bytes and nothing else");
  const auto [replay, replay_options] =
      add("replay", "Give them to their routes once more, after what was wrong is mended",
          replay_letters, "gantry dlq replay --route order-saver --since 2h --dry-run");
  add_settling(*replay, replay_options);
  replay
      ->add_option("--max-replays", replay_options->max_replays,
                   "Leave those that were replayed so often already")
      ->type_name("N")
      ->capture_default_str();
  const auto [discard, discard_options] =
      add("discard", "Take them for settled: they are not listed any more", discard_letters,
          "gantry dlq discard --route alert --until 2026-07-01");
  add_settling(*discard, discard_options);
  command->footer("Example: gantry dlq list --since 2h");
}

}  // namespace gantry::cli
