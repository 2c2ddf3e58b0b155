#include "cli/test_filter.hpp"

#include <utility>

#include "interpreter/values/string.hpp"
#include "interpreter/values/utf8.hpp"

namespace duso::cli {

std::optional<std::string> TestFilter::set_pattern(std::string_view pattern) {
  std::string problem;
  std::shared_ptr<const re2::RE2> compiled = compile_regex(pattern, problem);
  if (compiled == nullptr) return problem;
  const Owned text(Value(new_string(heap_, pattern)));
  regex_ = Owned(Value::other(new_regex(heap_, text.get().string(), std::move(compiled))));
  return std::nullopt;
}

bool TestFilter::wants(std::string_view name) const {
  return regex_.get().is_nil() || matches_within(as_regex(regex_.get()), utf8::replace_invalid(name));
}

}  // namespace duso::cli
