// gantry dlq list | show: reads only.
#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <tuple>

#include "cli/dlq.hpp"
#include "cli/exit_code.hpp"
#include "cli/letter_text.hpp"
#include "config/load.hpp"
#include "dlq/letters.hpp"

namespace gantry::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kListed = 100;  // letters of --each, unless --limit says otherwise

std::string listed(const std::set<std::string>& topics) {
  std::string text;
  for (const std::string& topic : topics) text += (text.empty() ? "" : ", ") + topic;
  return text;
}

std::vector<dlq::Letter> all_of(dlq::Letters& letters, const dlq::Filter& filter,
                                const dlq::Selection& selection) {
  std::vector<dlq::Letter> found;
  letters.each(filter, selection, [&](dlq::Letter&& letter) {
    letter.record.value.reset();  // not listed, and the most of it
    found.push_back(std::move(letter));
    return true;
  });
  std::ranges::sort(
      found, {}, [](const dlq::Letter& letter) { return std::tuple(letter.time_ms, letter.id); });
  return found;
}

void print_json(const char* name, json::array list) {
  std::cout << json::serialize(json::object{{name, std::move(list)}}) << '\n';
}

}  // namespace

int list_letters(const DlqOptions& options) {
  const config::Config config = config::load(options.config);
  const std::set<std::string> topics = dlq_topics(options, config);
  const dlq::Filter filter = dlq_filter(options, topics);
  dlq::Letters letters(config, topics);
  refuse_unknown(options, letters);
  dlq::Selection selection = letters.select(filter);
  const std::vector<dlq::Group> groups = selection.groups();
  const std::size_t count = selection.size();
  std::vector<dlq::Letter> found;
  if (options.each) {
    if (!options.has_limit) selection.close(kListed);
    found = all_of(letters, filter, selection);
  }
  if (options.json) {
    json::array list;
    for (const dlq::Letter& letter : found) list.push_back(letter_json(letter));
    for (const dlq::Group& group : groups)
      if (!options.each) list.push_back(group_json(group));
    print_json(options.each ? "letters" : "groups", std::move(list));
    return kDone;
  }
  if (count == 0) {
    std::cout << "no dead letters in " << listed(topics) << '\n';
  } else if (options.each) {
    print_letters(std::cout, found);
    if (found.size() < count)
      std::cout << "the oldest " << found.size() << " of " << count << "; --limit 0 shows all\n";
  } else {
    print_groups(std::cout, groups);
  }
  return kDone;
}

int show_letter(const DlqOptions& options) {
  const config::Config config = config::load(options.config);
  const std::set<std::string> topics = dlq_topics(options, config);
  dlq::Filter filter = dlq_filter(options, topics);
  filter.limit = 1;
  dlq::Letters letters(config, topics);
  refuse_unknown(options, letters);
  bool found = false;
  letters.each(filter, letters.select(filter), [&](dlq::Letter&& letter) {
    found = true;
    if (options.raw) {
      std::cout << letter.record.value.value_or("");
    } else if (options.json) {
      json::object object = letter_json(letter);
      add_record_json(object, letter.record);
      std::cout << json::serialize(object) << '\n';
    } else {
      print_letter(std::cout, letter);
    }
    return false;
  });
  if (!found)
    throw std::runtime_error("there is no such dead letter in " + listed(topics) +
                             ", or it is settled");
  return kDone;
}

}  // namespace gantry::cli
