#include "stdlib/reference/pages.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "interpreter/syntax/spelling.hpp"
#include "interpreter/values/text_form.hpp"
#include "stdlib/builtins/table.hpp"
#include "stdlib/reference/language_pages.hpp"
#include "stdlib/reference/wrapping.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Parameter;
using execution::Precedence;
using execution::Type;

namespace {

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string section(std::string_view title, std::string_view content) {
  return "\n## " + std::string(title) + "\n\n" + std::string(content);
}

std::string block(std::string_view language, std::string_view text) {
  return "```" + std::string(language) + "\n" + std::string(text) + "\n```\n";
}

std::string line_about(const Parameter& parameter) {
  std::string line = "- " + code(parameter.name) + ": " + type_phrase(parameter.type);
  if (parameter.fallback != nullptr) line += ", " + code(parameter.fallback) + " if left out";
  if (parameter.positional_only) line += ", by position only";
  return line + "\n";
}

std::string line_about(const execution::Rest& rest) {
  const std::string least = rest.least > 0 ? "at least " + std::to_string(rest.least) : "as many as wanted";
  return "- " + code(std::string(rest.name) + "...") + ": " + type_phrase(rest.type) + ", " + least + "\n";
}

// A paragraph about [parameter] if it does not take its named value when a call gives two; otherwise nothing.
std::string precedence_of(const Parameter& parameter) {
  if (parameter.given_twice == Precedence::kNamed) return {};
  std::string text = "Given both by position and by name, " + code(parameter.name) + " is the value by position";
  if (parameter.given_twice == Precedence::kPositionalOfItsType) text += " if that is " + type_phrase(parameter.type);
  return "\n" + wrapped(text + ".");
}

std::string parameters_of(const BuiltinSpec& builtin) {
  std::string lines;
  for (const Parameter& parameter : builtin.parameters) lines += line_about(parameter);
  if (builtin.rest) lines += line_about(*builtin.rest);
  for (const Parameter& parameter : builtin.parameters) lines += precedence_of(parameter);
  return lines.empty() ? "None.\n" : lines;
}

std::string result_of(const BuiltinSpec& builtin) {
  std::string text =
      builtin.returns == Type::kNone ? "Nothing: the call does not come back." : type_phrase(builtin.returns) + ".";
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  if (builtin.may_suspend) text += " While it waits, other tasks of the script go on.";
  return wrapped(text);
}

std::string errors_of(const BuiltinSpec& builtin) {
  std::string lines;
  for (const char* message : builtin.errors) lines += "- " + code(message) + "\n";
  return lines.empty() ? "None of its own.\n" : lines;
}

// A section of the index with the [names] of pages.
std::string list_of(std::string_view title, const std::vector<std::string_view>& names) {
  std::string list;
  for (const std::string_view name : names) {
    if (!list.empty()) list += ", ";
    list += code(name);
  }
  return section(title, wrapped(list));
}

std::vector<std::string_view> names_in(const Topic& topic) {
  std::vector<std::string_view> names;
  for (const Family family : topic.families) {
    for (const BuiltinSpec* builtin : family) names.emplace_back(builtin->name);
  }
  return names;
}

std::vector<std::string_view> names_in(std::span<const LanguagePage> pages) {
  std::vector<std::string_view> names;
  for (const LanguagePage& page : pages) {
    names.push_back(page.name);
    names.insert(names.end(), page.also.begin(), page.also.end());
  }
  return names;
}

std::string page_of(const LanguagePage& page) {
  return "# " + std::string(page.name) + "\n\n" + wrapped(page.summary) + section("Form", block("", page.form)) +
         section("Example", block("duso", page.example));
}

const LanguagePage* find_language_page(std::string_view name) {
  for (const auto pages : {keyword_pages(), type_pages()}) {
    for (const LanguagePage& page : pages) {
      if (page.name == name || std::ranges::count(page.also, name) > 0) return &page;
    }
  }
  return nullptr;
}

}  // namespace

std::string signature_of(const BuiltinSpec& builtin) {
  if (builtin.function == nullptr) return builtin.name;
  std::vector<std::string> parts;
  for (const Parameter& parameter : builtin.parameters) {
    parts.push_back(parameter.name);
    if (parameter.fallback != nullptr) parts.back() += std::string(" = ") + parameter.fallback;
  }
  if (builtin.rest) parts.push_back(std::string(builtin.rest->name) + "...");
  std::string signature = std::string(builtin.name) + "(";
  for (const std::string& part : parts) {
    if (&part != &parts.front()) signature += ", ";
    signature += part;
  }
  return signature + ")";
}

std::string page_of(const BuiltinSpec& builtin) {
  if (builtin.function == nullptr) {
    return "# " + std::string(builtin.name) + "\n\n" + wrapped(builtin.summary) +
           section("Value", "The number " + code(display_text(Value(builtin.constant))) + ".\n") +
           section("Example", block("duso", builtin.example));
  }
  return "# " + std::string(builtin.name) + "\n\n" + wrapped(builtin.summary) +
         section("Signature", block("", signature_of(builtin))) + section("Parameters", parameters_of(builtin)) +
         section("Result", result_of(builtin)) + section("Errors", errors_of(builtin)) +
         section("Example", block("duso", builtin.example));
}

std::string index_page() {
  std::string page = "# Reference\n\n";
  page += wrapped(
      "The functions that every script finds, the words of the language and the types of its values. `duso doc NAME` "
      "shows the page about one of them.");
  for (const Topic& topic : all_topics()) page += list_of(topic.title, names_in(topic));
  return page + list_of("Words of the language", names_in(keyword_pages())) +
         list_of("Types of values", names_in(type_pages()));
}

std::vector<std::string_view> page_names() {
  std::vector<std::string_view> names = {kIndexPage};
  for (const BuiltinSpec* builtin : all_builtins()) names.emplace_back(builtin->name);
  for (const auto pages : {keyword_pages(), type_pages()}) {
    for (const std::string_view name : names_in(pages)) names.push_back(name);
  }
  return names;
}

std::optional<std::string> find_page(std::string_view name) {
  if (name == kIndexPage) return index_page();
  if (const BuiltinSpec* builtin = find_builtin(name)) return page_of(*builtin);
  if (const LanguagePage* page = find_language_page(name)) return page_of(*page);
  return std::nullopt;
}

std::string_view similar_page(std::string_view name) { return syntax::most_similar(name, page_names()); }

}  // namespace duso::stdlib
