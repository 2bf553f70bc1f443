#include "config/problem.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace gantry::config {
namespace {

auto order_of(const Problem& problem) {
  return std::tie(problem.where.file, problem.where.line, problem.where.column, problem.where.path,
                  problem.message);
}

std::string all_of(const Problems& problems) {
  std::string text = problems.size() == 1
                         ? std::string("the configuration has an error\n")
                         : "the configuration has " + std::to_string(problems.size()) + " errors\n";
  for (const Problem& problem : problems) text += describe(problem) + "\n";
  text.pop_back();
  return text;
}

Problems sorted(Problems problems) {
  sort_and_unite(problems);
  return problems;
}

}  // namespace

std::string describe(const Problem& problem) {
  std::string text = problem.where.file.string();
  if (problem.where.line != 0) {
    text += ":" + std::to_string(problem.where.line) + ":" + std::to_string(problem.where.column);
  }
  if (!text.empty()) text += ": ";
  if (!problem.where.path.empty()) text += problem.where.path + ": ";
  text += problem.message;
  if (!problem.remedy.empty()) text += "\n    " + problem.remedy;
  return text;
}

void sort_and_unite(Problems& problems) {
  std::sort(problems.begin(), problems.end(),
            [](const Problem& a, const Problem& b) { return order_of(a) < order_of(b); });
  problems.erase(
      std::unique(problems.begin(), problems.end(),
                  [](const Problem& a, const Problem& b) { return order_of(a) == order_of(b); }),
      problems.end());
}

void add_new(Problems& problems, Problems more) {
  std::set<std::string> reported;
  for (const Problem& problem : problems) reported.insert(problem.where.path);
  for (Problem& problem : more) {
    if (!reported.contains(problem.where.path)) problems.push_back(std::move(problem));
  }
  sort_and_unite(problems);
}

Invalid::Invalid(Problems problems)
    : std::runtime_error(all_of(sorted(problems))), problems_(sorted(std::move(problems))) {}

void throw_if_any(Problems problems) {
  if (!problems.empty()) throw Invalid(std::move(problems));
}

Origin origin_of(const Config& config, const std::string& path, const Origin& otherwise) {
  const auto found = config.origins.find(path);
  if (found != config.origins.end()) return found->second;
  Origin origin = otherwise;
  if (origin.file.empty()) origin.file = config.file;
  origin.path = path;
  return origin;
}

std::string joined(std::string_view parent, std::string_view key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  std::string path(parent);
  if (!path.empty()) path += ".";
  return path + (bare ? std::string(key) : "\"" + std::string(key) + "\"");
}

}  // namespace gantry::config
