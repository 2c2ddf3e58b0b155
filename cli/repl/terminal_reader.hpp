// Lines from a terminal, with everything that one expects of a line editor: cursor keys, history, search, completion.
//
// libedit does the work. This is the only file that knows it, and it knows three things that libedit does not: keys
// come from the console (input_claim.hpp), so the editor makes way for output and ends with the process; Ctrl-C is a
// key like others while a line is edited, and only then; and what is pasted is text, line ends included, until Enter is
// pressed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/repl/history.hpp"
#include "cli/repl/line_reader.hpp"

namespace duso {
class Console;
}

namespace duso::cli::repl {

class TerminalReader final : public LineReader {
 public:
  // All words that could stand at the end of the line so far, with how much of its last word they replace: they begin
  // with that.
  struct Candidates {
    std::vector<std::string> words;
    std::string prefix;
  };
  using Complete = std::function<Candidates(std::string_view line)>;

  struct Options {
    bool colour = false;       // of the prompt
    std::string history_path;  // empty: inputs are forgotten at the end
    Complete complete;         // called on the thread of read()
  };

  // Whether standard input and standard error are a terminal on which lines can be edited.
  static bool is_possible();

  // [console] must outlive the reader, and have standard input and standard error.
  TerminalReader(Console& console, Options options);
  ~TerminalReader() override;

  TypedLine read(const std::string& prompt) override;
  bool has_line() override { return false; }
  bool knows_open_blocks() const override { return true; }
  void remember(const std::string& input) override;

 private:
  class Editor;

  Console& console_;
  const Options options_;
  const HistoryFile history_file_;
  std::unique_ptr<Editor> editor_;  // made by the first read()
  bool has_complained_ = false;     // about the file
};

}  // namespace duso::cli::repl
