#include "runtime/schedule/interval.hpp"

#include "interpreter/values/number_text.hpp"

namespace duso::schedule {

std::string canonical_text(const Interval& interval) {
  static constexpr char kLetters[] = {'s', 'm', 'h', 'D', 'M', 'Y'};
  return display_text(interval.count) + kLetters[static_cast<std::size_t>(interval.unit)];
}

}  // namespace duso::schedule
