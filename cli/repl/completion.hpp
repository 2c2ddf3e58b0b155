// Completion: which words could stand where the cursor is.
//
// The line up to the cursor says what kind of word is asked for; whoever knows the session says which there are.
// Nothing is run to find out: of `a.b.` the members are those of the object that the variable `a` holds in `b` at the
// moment, and of `f().` there are none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace duso::cli::repl {

// What is asked for at the end of a line.
struct CompletionPoint {
  enum class Kind : std::uint8_t {
    kNothing,  // inside a string or a comment, behind a number or a call
    kName,     // keywords, builtins, variables
    kMember,   // properties of the object that `path` leads to
    kCommand,  // of the prompt
    kTopic,    // pages of the reference
  };
  Kind kind = Kind::kNothing;
  std::vector<std::string> path = {};  // of a member: `a.b.c` has the path a, b
  std::string prefix = {};             // of the word, as far as it was typed

  friend bool operator==(const CompletionPoint&, const CompletionPoint&) = default;
};

// What is asked for at the end of [line].
CompletionPoint completion_point(std::string_view line);

// The words that begin with [prefix], sorted and each once.
std::vector<std::string> matching(std::vector<std::string> words, std::string_view prefix);

// What all of [words] begin with; there must be one. Never ends within a character.
std::string common_beginning(const std::vector<std::string>& words);

// [words] in columns, filled downwards, as wide as [width] allows, each line with its end.
std::string in_columns(const std::vector<std::string>& words, std::size_t width);

}  // namespace duso::cli::repl
