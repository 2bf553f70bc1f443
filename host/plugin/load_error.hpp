// Why a library is refused: everything that is wrong with it, each with what to do. Start-up and
// reload, one thread.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace gantry::plugin {

struct Fault {
  std::string message;  // where and what: "handler 'audit': max_batch is 0"
  std::string remedy;
};
using Faults = std::vector<Fault>;

class LoadError : public std::runtime_error {
 public:
  LoadError(const std::string& file, Faults faults)
      : std::runtime_error(text(file, faults)), faults_(std::move(faults)) {}
  const Faults& faults() const { return faults_; }

 private:
  static std::string text(const std::string& file, const Faults& faults) {
    std::string all;
    for (const Fault& fault : faults) {
      if (!all.empty()) all += '\n';
      all += file + ": " + fault.message + "\n  " + fault.remedy;
    }
    return all;
  }
  Faults faults_;
};

}  // namespace gantry::plugin
