#include "cli/doc_page.hpp"

#include <optional>
#include <string_view>

#include "stdlib/reference/pages.hpp"

namespace duso::cli {

namespace {

// The page for a [topic] that there is none about.
std::string missing_page(const std::string& topic) {
  std::string page = "# Cannot find a doc for `" + topic + "`\n\n";
  const std::string_view meant = stdlib::similar_page(topic);
  if (!meant.empty()) page += "Did you mean `" + std::string(meant) + "`?\n\n";
  return page +
         "    duso doc           the list of all topics\n"
         "    duso doc TOPIC     the page about one of them, such as split\n"
         "    duso help          the commands of duso\n";
}

}  // namespace

DocPage doc_page(const std::string& topic) {
  const std::optional<std::string> page = stdlib::find_page(topic);
  if (!page) return {missing_page(topic), false};
  // Pages are known by the place that they have inside of the program.
  return {"Documentation from: /EMBED/docs/reference/" + topic + ".md\n\n" + *page, true};
}

}  // namespace duso::cli
