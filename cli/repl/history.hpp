// The inputs of earlier sessions, in a file.
//
// Each input is added to the file as soon as it was typed, so that a session that is killed loses nothing, and one that
// begins meanwhile sees it. The file is read again for that and locked meanwhile: two sessions at the same time get
// both of their inputs in, in the order in which they were typed. When it has become too long, a shorter file takes its
// place in one step, so there is no moment in which half of it is lost.
//
// In the file an input is a line; `\n` stands for a line end in it and `\\` for a backslash.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace duso::cli::repl {

// Inputs, the oldest first. One that is the same as the one before it is not kept, nor is an empty one.
class InputList {
 public:
  static constexpr std::size_t kMost = 1000;

  // False if [input] is not kept.
  bool add(std::string input);
  const std::vector<std::string>& inputs() const { return inputs_; }

  // The list as a file has it, and back. More than kMost inputs lose the oldest.
  std::string text() const;
  static InputList from_text(std::string_view text);

 private:
  std::vector<std::string> inputs_;
};

class HistoryFile {
 public:
  // [path] empty: nothing is kept.
  explicit HistoryFile(std::string path) : path_(std::move(path)) {}

  // Where a user's history is: in the file that DUSO_HISTORY names, or else `.duso_history` in the home directory.
  // Empty if DUSO_HISTORY is, or if there is no home.
  static std::string usual_path();

  // What is in the file; nothing if it can not be read, as before the first session.
  InputList load() const;

  // Adds [input] to the file, which is made for its owner alone. Returns what is wrong, or nothing.
  std::optional<std::string> add(const std::string& input) const;

 private:
  std::string path_;
};

}  // namespace duso::cli::repl
