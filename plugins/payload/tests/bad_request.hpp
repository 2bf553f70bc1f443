// A folder of bad requests: one file each, and expected.tsv, which tells the status and the detail
// of the answer. For tests, one thread.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace payload::testing {

struct BadRequest {
  std::string name;
  std::string bytes;
  int status = 0;
  std::string detail;
};

inline void PrintTo(const BadRequest& request, std::ostream* out) { *out << request.name; }

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("can't read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<BadRequest> bad_requests(const std::filesystem::path& folder) {
  std::vector<BadRequest> all;
  std::istringstream table(read_file(folder / "expected.tsv"));
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream columns(line);
    BadRequest request;
    std::string status;
    std::getline(columns, request.name, '\t');
    std::getline(columns, status, '\t');
    std::getline(columns, request.detail);
    request.status = std::stoi(status);
    request.bytes = read_file(folder / request.name);
    all.push_back(request);
  }
  return all;
}

// "amount-fraction.json" as the name of a test: "amount_fraction_json".
inline std::string test_name(const ::testing::TestParamInfo<BadRequest>& info) {
  std::string name = info.param.name;
  for (char& c : name) {
    if (c == '-' || c == '.') c = '_';
  }
  return name;
}

}  // namespace payload::testing
