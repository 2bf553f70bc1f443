#include "support/unique_name.hpp"

#include <random>

namespace gantry::test {

std::string unique_name(const std::string& stem) {
  std::random_device random;
  constexpr char digits[] = "0123456789abcdef";
  std::string result = stem + "-";
  for (int i = 0; i < 8; ++i) result += digits[random() % 16];
  return result;
}

}  // namespace gantry::test
