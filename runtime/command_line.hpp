// The command line, taken apart.
//
//     duso COMMAND [words...] [flags...]
//     duso SCRIPT  [words...] [flags...]
//
// One grammar serves two readers: the `duso` command, which wants to know what to do, and the script, which sees
// everything through `sys()`. Flags are not declared anywhere - an unknown one belongs to the script - so whether the
// word behind a flag is its value is decided by its looks alone: it is, if it does not begin with a dash. The flags of
// duso itself are the one exception: those that take no value never swallow a word, and they may stand in front of the
// script.
//
// Nothing here fails, and nothing is interpreted: a value keeps the text it was given as, next to the number that the
// text reads as. The rules are in cli.md 1.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace duso {

class CommandLine {
 public:
  struct Flag {
    std::string name;                 // without its leading dashes; empty for a lone dash
    std::optional<std::string> text;  // the value as it was typed; nothing for a flag without a value, which means true
    bool before_script = false;       // such a flag is duso's own, whatever the script calls its flags

    // The number that a script gets instead of the text: nothing if the text does not read as one, or if this flag's
    // value is text whatever it looks like.
    std::optional<double> number() const;
  };

  CommandLine() = default;
  // Takes apart the arguments of the process without the program's own name.
  explicit CommandLine(std::span<const char* const> arguments);

  // The command word (`lint`, `doc`, ...); empty when a script is to be run.
  const std::string& command() const { return command_; }

  // The words in front of the first flag: the script or the command's operand, then what belongs to it.
  const std::vector<std::string>& words() const { return words_; }

  // Everything as it was typed, without the command word.
  const std::vector<std::string>& arguments() const { return arguments_; }

  // All flags in the order in which they stand.
  const std::vector<Flag>& flags() const { return flags_; }

  // The last flag called [name] (without dashes), or null.
  const Flag* flag(std::string_view name) const;

 private:
  std::size_t read_leading_flags();
  std::size_t read_words(std::size_t at);
  void read_flags(std::size_t at);
  std::size_t read_flag(std::size_t at, bool before_script);

  std::string command_;
  std::vector<std::string> words_;
  std::vector<std::string> arguments_;
  std::vector<Flag> flags_;
};

}  // namespace duso
