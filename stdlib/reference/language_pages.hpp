// What the reference says about the language itself: its reserved words and the types of its values.
//
// There is no code to declare these beside, so they are written here, in the same form as the declarations of builtins:
// a form, a paragraph, an example that a test runs.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace duso::stdlib {

struct LanguagePage {
  std::string_view name;
  std::vector<std::string_view> also;  // other names under which the page is found
  std::string_view form;               // how it is written
  std::string_view summary;            // one paragraph, Markdown
  std::string_view example;            // runnable; its comments are, line by line, what it prints
};

// The pages about reserved words, and those about types. Together they cover all of both, but for the types `error`,
// `function` and `nil`: two are reserved words, and `error` is the name of a builtin.
std::span<const LanguagePage> keyword_pages();
std::span<const LanguagePage> type_pages();

}  // namespace duso::stdlib
