#include "cli/repl/plain_reader.hpp"

#include <optional>
#include <utility>

#include "runtime/console.hpp"

namespace duso::cli::repl {

TypedLine PlainReader::read(const std::string& prompt) {
  console_.write_error(prompt);
  std::optional<std::string> line = console_.read_line();
  if (!line.has_value()) return {.kind = TypedLine::Kind::kEnd};
  return {.text = *std::move(line)};
}

bool PlainReader::has_line() { return console_.has_line(); }

}  // namespace duso::cli::repl
