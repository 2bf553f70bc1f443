// The fixtures of tests/fixtures/payloads: what is wrong with each bad one, and the good ones. For
// tests, one thread.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

namespace orders::testing {

struct Payload {
  std::string name;
  std::string bytes;
  std::string schema;  // of a bad one: "refuses", "accepts" or "not-json"
  std::string reason;  // of a bad one
};

// What GoogleTest shows of a parameter.
inline void PrintTo(const Payload& payload, std::ostream* out) { *out << payload.name; }

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("can't read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<Payload> bad_payloads() {
  const std::filesystem::path folder = std::filesystem::path(GANTRY_PAYLOADS) / "bad";
  std::vector<Payload> all;
  std::istringstream table(read_file(folder / "expected.tsv"));
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream columns(line);
    Payload payload;
    std::getline(columns, payload.name, '\t');
    std::getline(columns, payload.schema, '\t');
    std::getline(columns, payload.reason);
    payload.bytes = read_file(folder / payload.name);
    all.push_back(payload);
  }
  return all;
}

inline std::vector<Payload> good_payloads() {
  std::vector<Payload> all;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(GANTRY_PAYLOADS) / "good")) {
    all.push_back({entry.path().filename().string(), read_file(entry.path()), "", ""});
  }
  std::sort(all.begin(), all.end(),
            [](const Payload& a, const Payload& b) { return a.name < b.name; });
  return all;
}

// "amount-fraction.json" as the name of a test: "amount_fraction_json".
inline std::string test_name(const ::testing::TestParamInfo<Payload>& info) {
  std::string name = info.param.name;
  for (char& c : name) {
    if (c == '-' || c == '.') c = '_';
  }
  return name;
}

}  // namespace orders::testing
