// Where a session gets its lines from: a pipe or a terminal.
//
// A line may be long in coming, so it is read on a helper thread while the session's tasks go on; a reader is used by
// one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace duso::cli::repl {

// What came of reading a line.
struct TypedLine {
  enum class Kind : std::uint8_t {
    kLine,
    kDiscarded,  // the user wants to be rid of it, and of the lines that it was to continue
    kEnd,        // there are no more
  };
  Kind kind = Kind::kLine;
  std::string text = {};  // of a line, without its end; may have several lines where a block came in one piece
};

class LineReader {
 public:
  virtual ~LineReader() = default;

  // Shows [prompt] and returns the next line, waiting for it.
  virtual TypedLine read(const std::string& prompt) = 0;

  // Whether read() would return at once.
  virtual bool has_line() = 0;

  // Whether an input goes on while something in it is open. If not, only a backslash at the end of a line makes it.
  virtual bool knows_open_blocks() const = 0;

  // Takes notice of a whole [input], for a user who wants it again.
  virtual void remember(const std::string& input) = 0;
};

}  // namespace duso::cli::repl
