// What the subcommands of `gantry dlq` share, and each of them. The main thread's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "dlq/filter.hpp"
#include "dlq/letters.hpp"

namespace gantry::cli {

struct DlqOptions {
  std::filesystem::path config;
  std::string topic;                 // --dlq: a dead-letter topic; empty: those of all routes
  std::vector<std::string> letters;  // "DLQ-topic:0:15"
  std::string key;                   // the filter's, where has_key
  bool has_key = false;
  bool has_limit = false;
  std::string since, until;
  dlq::Filter filter;  // what can be filled in at once; dlq_filter() does the rest
  bool each = false;
  bool json = false;
  bool raw = false;
  bool all = false;
  bool dry_run = false;
  std::uint32_t max_replays = 5;
  std::string words;  // what was asked for, for the log
};

// The whole filter. Throws std::runtime_error where a letter or a time is not one.
dlq::Filter dlq_filter(const DlqOptions& options, const std::set<std::string>& topics);
// Where the letters are.
std::set<std::string> dlq_topics(const DlqOptions& options, const config::Config& config);

// Throws std::runtime_error where --dlq names a topic that is not there.
void refuse_unknown(const DlqOptions& options, const dlq::Letters& letters);

// Exit codes.
int list_letters(const DlqOptions& options);
int show_letter(const DlqOptions& options);
int replay_letters(const DlqOptions& options);
int discard_letters(const DlqOptions& options);

}  // namespace gantry::cli
