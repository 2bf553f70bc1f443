#include "metric_samples.hpp"

#include <set>
#include <sstream>

namespace gantry::test {

std::optional<double> sample_of(const std::string& text, const std::string& sample) {
  const auto at = ("\n" + text).find("\n" + sample + " ");
  if (at == std::string::npos) return std::nullopt;
  return std::stod(text.substr(at + sample.size()));
}

std::string exposition_problem(const std::string& text) {
  std::set<std::string> known;
  std::set<std::string> seen;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) {
      const std::string name = line.substr(7, line.find(' ', 7) - 7);
      for (const char* suffix : {"", "_bucket", "_sum", "_count"}) known.insert(name + suffix);
    }
    if (line.empty() || line.starts_with('#')) continue;
    if (!known.contains(line.substr(0, line.find_first_of("{ ")))) return "no type: " + line;
    if (!seen.insert(line.substr(0, line.rfind(' '))).second) return "twice: " + line;
  }
  return "";
}

}  // namespace gantry::test
