// duso syntax: prints a grammar for editors.
#include <algorithm>
#include <cctype>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "cli/builtin_names.hpp"
#include "cli/commands.hpp"
#include "cli/textmate_grammar.hpp"
#include "interpreter/syntax/token.hpp"
#include "stdlib/builtins/table.hpp"

namespace duso::cli {

namespace {

using syntax::TokenKind;

std::set<std::string> keywords() {
  std::set<std::string> words;
  for (auto kind = TokenKind::kIf; syntax::is_reserved_word(kind);
       kind = static_cast<TokenKind>(static_cast<int>(kind) + 1)) {
    std::string word(syntax::name_of(kind));  // in capitals, as messages have it
    std::ranges::transform(word, word.begin(),
                           [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    words.insert(word);
  }
  return words;
}

std::set<std::string> words_in(std::span<const std::string_view> names) { return {names.begin(), names.end()}; }

// The builtins that only this implementation has: those that are specified, and whatever else the table holds.
std::set<std::string> added_words() {
  std::set<std::string> words = words_in(added_builtins());
  const std::set<std::string> usual = words_in(reference_builtins());
  for (const execution::BuiltinSpec* builtin : stdlib::all_builtins()) {
    if (!usual.contains(builtin->name)) words.insert(builtin->name);
  }
  return words;
}

// Puts [words] in the place of [mark], as alternatives of a pattern.
void fill(std::string& grammar, std::string_view mark, const std::set<std::string>& words) {
  std::string alternatives;
  for (const std::string& word : words) alternatives += (alternatives.empty() ? "" : "|") + word;
  grammar.replace(grammar.find(mark), mark.size(), alternatives);
}

class SyntaxCommand final : public Command {
 public:
  int run(const Invocation& invocation) override {
    std::string grammar(kTextmateGrammar);
    fill(grammar, "@KEYWORDS@", keywords());
    fill(grammar, "@BUILTINS@", words_in(reference_builtins()));
    fill(grammar, "@ADDED@", added_words());
    invocation.console.write(grammar);
    return 0;
  }
};

}  // namespace

extern const CommandEntry kSyntaxCommand{
    .name = "syntax",
    .operands = "",
    .summary = "print a grammar for editors",
    .details =
        "Prints a TextMate grammar of the language, as JSON, from which editors learn\n"
        "how to colour scripts.",
    .make = make_command<SyntaxCommand>,
};

}  // namespace duso::cli
