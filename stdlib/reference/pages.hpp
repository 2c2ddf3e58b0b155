// The reference: a page of Markdown about every builtin, every reserved word and every type, and an index of them.
//
// Pages are generated, those about builtins from the declarations and from nothing else, so they are as current and as
// complete as those. The same text is shown by `duso doc`, checked in under docs/reference/ and read by editors, which
// look for its first paragraph and for the block below "## Signature".
//
// A terminal shows Markdown as its lines are: so lines are short enough for 80 columns wherever they can be broken.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/execution/builtin.hpp"

namespace duso::stdlib {

// The name of the page that lists all others.
inline constexpr std::string_view kIndexPage = "index";

// How a call of [builtin] is written: `find(str, pattern, ignore_case = false)`. A constant is just its name.
std::string signature_of(const execution::BuiltinSpec& builtin);

// The page about [builtin].
std::string page_of(const execution::BuiltinSpec& builtin);

// The page that lists all others by topic.
std::string index_page();

// The names of all pages, the index being the first. Some pages have several.
std::vector<std::string_view> page_names();

// The page called [name]; nothing if there is none.
std::optional<std::string> find_page(std::string_view name);

// The name of the page that somebody who asked for [name] probably meant; empty if none is similar.
std::string_view similar_page(std::string_view name);

}  // namespace duso::stdlib
