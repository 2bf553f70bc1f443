// The checks that every struct of a library goes through, with errors that say where: "handler
// 'audit': option 'limit': flags …". Start-up and reload, one thread; used by description*.cpp
// only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "plugin/load_error.hpp"

namespace gantry::plugin {

constexpr std::size_t kMostItems = 1024;         // of anything in an array: more is a wrong count
constexpr std::size_t kLargestStruct = 1 << 16;  // of any future minor version

class Check {
 public:
  Check(std::string where, Faults& faults) : where_(std::move(where)), faults_(&faults) {}

  Check within(const std::string& part) const { return {where_ + part + ": ", *faults_}; }
  void fault(const std::string& message, std::string remedy) const {
    faults_->push_back({where_ + message, std::move(remedy)});
  }

  // Structs without padding are a multiple of their pointers, so any other size is no size.
  template <class Struct>
  bool size(const Struct* item, const char* type) const {
    if (item == nullptr) {
      fault(std::string("is NULL instead of a ") + type,
            "give the array as many items as its count says");
      return false;
    }
    const std::size_t size = item->struct_size;
    if (size >= sizeof(Struct) && size <= kLargestStruct && size % alignof(Struct) == 0)
      return true;
    fault("struct_size is " + std::to_string(size) + ", but " + type + " of ABI 1.0 has " +
              std::to_string(sizeof(Struct)) + " bytes",
          std::string("set struct_size to sizeof(") + type + ")");
    return false;
  }

  bool array(const void* items, std::size_t count, const char* field) const {
    if (count > kMostItems) {
      fault(std::string(field) + " has " + std::to_string(count) + " items, at most 1024 are taken",
            "set its count to the number of items");
      return false;
    }
    if (count > 0 && items == nullptr) {
      fault(std::string(field) + " is NULL, but its count is " + std::to_string(count),
            "point it to an array of pointers, or set the count to 0");
      return false;
    }
    return true;
  }

  // Copies *text to `to`.
  bool text(const char* text, const char* field, std::string& to) const {
    if (text == nullptr) {
      fault(std::string(field) + " is NULL", std::string("set ") + field + " to a text");
      return false;
    }
    to = text;
    return true;
  }

  // Lower case letters, digits and `extra`.
  bool name(const char* raw, const char* field, char extra, std::string& to) const {
    if (!text(raw, field, to)) return false;
    bool good = !to.empty() && to.size() <= 100;
    for (const char c : to) {
      good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == extra);
    }
    if (good) return true;
    fault(std::string(field) + " '" + to.substr(0, 100) + "' has characters that are not allowed",
          std::string("use 1 to 100 lower case letters, digits and '") + extra + "'");
    return false;
  }

  void reserved(std::uint32_t value) const {
    if (value == 0) return;
    fault("reserved is " + std::to_string(value) + ", not 0",
          "set it to 0, or install a host that knows what it means");
  }

  // The low 16 bits must be understood.
  void flags(std::uint32_t value, std::uint32_t known) const {
    const std::uint32_t unknown = value & 0xFFFFu & ~known;
    if (unknown == 0) return;
    fault("flags has bits that this host does not know (" + std::to_string(unknown) + ")",
          "install a newer host, or build the plugin against this host's gantry/abi.h");
  }

 private:
  std::string where_;
  Faults* faults_;
};

}  // namespace gantry::plugin
