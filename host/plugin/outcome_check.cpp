#include "plugin/outcome_check.hpp"

#include "plugin/text.hpp"

namespace gantry::plugin {
namespace {

gantry_str clean(gantry_str from, std::size_t most, std::string& keep) {
  if (from.data == nullptr || from.size == 0) return {nullptr, 0};
  // clean_text() stops at `most`: of a wrong, huge size no more than that is read.
  keep = clean_text({from.data, from.size}, most);
  return {keep.data(), keep.size()};
}

}  // namespace

gantry_outcome OutcomeText::cleaned(const gantry_outcome& outcome) {
  return {sizeof(gantry_outcome), outcome.verdict, outcome.retry_after_ms,
          clean(outcome.reason, kMostReason, reason_),
          clean(outcome.error_class, kMostErrorClass, error_class_)};
}

gantry_outcome OutcomeText::retry(const std::string& reason, const char* error_class) {
  reason_ = clean_text(reason, kMostReason);
  error_class_ = error_class;
  return {sizeof(gantry_outcome),
          GANTRY_RETRY,
          0,
          {reason_.data(), reason_.size()},
          {error_class_.data(), error_class_.size()}};
}

}  // namespace gantry::plugin
