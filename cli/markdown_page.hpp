// Pages in Markdown, for whoever reads them on a terminal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/command.hpp"

namespace duso::cli {

// [page] as a terminal shows it. Throws markdown::Unavailable without the library for Markdown.
std::string rendered_page(std::string_view page, bool colour);

// The same for standard output, in colour where that may have it. Nothing without the library, which was reported.
std::optional<std::string> rendered_page(const Invocation& invocation, std::string_view page);

}  // namespace duso::cli
