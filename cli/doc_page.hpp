// A page of the reference as a terminal shows it: what `duso doc` prints, and the prompt for `:doc`.
#pragma once

#include <string>

namespace duso::cli {

struct DocPage {
  std::string text;
  bool is_found = false;  // or else the text says that there is none
};

// The page about [topic]. Throws markdown::Unavailable when Markdown can not be shown.
DocPage doc_page(const std::string& topic, bool colour);

}  // namespace duso::cli
