// Which tests are wanted: those whose name a pattern matches somewhere (duso test -run).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "interpreter/values/regex.hpp"
#include "interpreter/values/value.hpp"
#include "runtime/memory/heap.hpp"

namespace duso::cli {

class TestFilter {
 public:
  // Wants every test.
  TestFilter() = default;

  // From here on, wants those that match [pattern]. Returns what is wrong with it, or nothing.
  std::optional<std::string> set_pattern(std::string_view pattern);

  bool wants(std::string_view name) const;

 private:
  memory::Heap heap_;  // of the regex
  Owned regex_ = Owned(Value::nil());
};

}  // namespace duso::cli
