// Lines of a pipe or a file, or of a terminal that can not be drawn on. Prompts go to standard error.
#pragma once

#include "cli/repl/line_reader.hpp"

namespace duso {
class Console;
}

namespace duso::cli::repl {

class PlainReader final : public LineReader {
 public:
  // [console] must outlive the reader.
  explicit PlainReader(Console& console) : console_(console) {}

  TypedLine read(const std::string& prompt) override;
  bool has_line() override;
  bool knows_open_blocks() const override { return false; }
  void remember(const std::string&) override {}

 private:
  Console& console_;
};

}  // namespace duso::cli::repl
