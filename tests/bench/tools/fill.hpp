// Fills a topic with records that any run makes again byte for byte.
#pragma once

#include <cstdint>
#include <string>

namespace gantry::bench {

struct Filling {
  std::string topic;
  std::int64_t messages = 0;
  std::int64_t keys = 1;
  bool zipf = false;              // exponent 1; else each key is as frequent as any other
  std::int64_t poison_every = 0;  // 0: none; their values begin with "poison", each has its own key
  enum class What { order, coupon } what = What::order;
};

void fill(const std::string& bootstrap, const Filling& filling);

}  // namespace gantry::bench
