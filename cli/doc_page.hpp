// A page of the reference: what `duso doc` shows, and the prompt for `:doc`.
#pragma once

#include <string>

namespace duso::cli {

struct DocPage {
  std::string text;       // Markdown
  bool is_found = false;  // or else the text says that there is none
};

DocPage doc_page(const std::string& topic);

}  // namespace duso::cli
