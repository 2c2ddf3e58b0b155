#include "interpreter/syntax/format/formatter.hpp"

#include <stdexcept>

#include "interpreter/syntax/diagnostics.hpp"
#include "interpreter/syntax/format/layout.hpp"
#include "interpreter/syntax/format/words.hpp"

namespace duso::syntax {

std::string format_program(const Program& program) {
  std::string text = Layout(program).run();
  if (!same_words(program.source(), Source(program.source().name(), text))) {
    throw std::logic_error(
        compose({"formatting ", program.source().name(), " would have changed more than its looks"}));
  }
  return text;
}

}  // namespace duso::syntax
