// How a command is used: its flags, declared once, read from the command line and listed on its help page.
//
// CLI11 does what it is good at: it converts and checks values, and lays out the page. It is not shown the command line
// itself, because the grammar there is another one (cli.md 1): one dash or two, values told by their looks, and no
// error for a flag that duso does not know, since that one is the script's. CommandLine has taken the line apart; of
// its flags CLI11 is handed those that were declared here.
//
// Building a page's worth of CLI11 objects takes tens of microseconds, which a script that is started without flags
// does not have to wait for: there is nothing to read then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/command_line.hpp"

namespace duso::cli {

// A flag as it was declared.
struct DeclaredFlag {
  std::string name;                 // without its dash
  std::string value_name;           // as the help page shows it, "SIZE"; empty if the flag takes no value
  std::string summary;              // may have several lines
  std::vector<std::string> values;  // all that it takes, if that is a choice

  bool takes_value() const { return !value_name.empty(); }
};

class Usage {
 public:
  // [forms]: the lines that show how to type it, `duso eval CODE [FLAGS...]`; [details]: the paragraphs above them.
  Usage(std::string forms, std::string details);
  ~Usage();
  Usage(const Usage&) = delete;
  Usage& operator=(const Usage&) = delete;

  // Puts the flags declared from here on under the heading [title].
  void begin_group(const std::string& title) { group_ = title; }

  // Adds a line to the list of commands.
  void add_command(const std::string& name, const std::string& summary);

  // Declares `-NAME SIZE`: a number of bytes (size_text.hpp), stored in [bytes]. [name] is without its dash;
  // [summary] is what the page says of it, in lines of at most 50 characters.
  void add_size(const std::string& name, std::size_t& bytes, const std::string& summary);

  // Declares `-NAME N`: a whole number from [least] to [most], stored in [count].
  void add_count(const std::string& name, std::size_t& count, std::size_t least, const std::string& summary,
                 std::size_t most = SIZE_MAX);

  // Declares `-NAME TEXT`, stored in [text], which must not be empty. [value_name] is what the page calls the text.
  void add_text(const std::string& name, std::string& text, const std::string& value_name, const std::string& summary);

  // Declares `-NAME`, which sets [variable] to [value] by being there.
  void add_switch(const std::string& name, bool& variable, bool value, const std::string& summary);

  // Declares `-NAME WORD`: one of [choices], stored in [choice]. [value_name] is what the page calls the word.
  void add_choice(const std::string& name, std::string& choice, const std::vector<std::string>& choices,
                  const std::string& value_name, const std::string& summary);

  // Lists a flag that others find on the command line by themselves. [value_name] may be empty.
  void add_mention(const std::string& name, const std::string& value_name, const std::string& summary);

  // Sets the variables of all declared flags that are on [line]; the last of several with one name counts. Returns what
  // is wrong with a value, as in `max-heap: bad size "12q"`, or nothing.
  std::optional<std::string> read(const CommandLine& line);

  // All flags, in the order of their declarations.
  const std::vector<DeclaredFlag>& flags() const { return flags_; }

  // The flag called [name], or null if it was not declared.
  const DeclaredFlag* flag(std::string_view name) const;

  // The help page.
  std::string page() const;

 private:
  struct Parser;  // CLI11's side of it

  std::unique_ptr<Parser> parser_;
  std::vector<DeclaredFlag> flags_;
  std::string group_ = "Flags";
};

}  // namespace duso::cli
