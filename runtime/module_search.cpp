#include "runtime/module_search.hpp"

#include <algorithm>

#include "runtime/files/path_text.hpp"

namespace duso {

namespace {

constexpr std::string_view kExtension = ".du";
constexpr std::string_view kEmbeddedRoot = "/EMBED";

// Adds the files that [base] may mean.
void add_candidates(std::vector<Location>& candidates, const Location& base) {
  candidates.push_back(base);
  if (base.path.ends_with(kExtension)) return;
  const std::string_view name = paths::base_name(base.path);
  candidates.push_back({base.volume, base.path + std::string(kExtension)});
  candidates.push_back({base.volume, base.path + '/' + std::string(name) + std::string(kExtension)});
}

// The directories in which bare names are looked for.
std::vector<std::string> search_directories(const Files& files) {
  std::vector<std::string> directories{files.app_directory()};
  directories.insert(directories.end(), files.library_path().begin(), files.library_path().end());
  directories.emplace_back("/EMBED/stdlib");
  directories.emplace_back("/EMBED/contrib");
  return directories;
}

std::vector<Location> candidates_for(const Files& files, std::string_view name, std::string_view here_directory) {
  std::vector<Location> candidates;
  if (name.starts_with('/') || name.starts_with('~')) {
    const std::string expanded = paths::expand_home(name);
    add_candidates(candidates,
                   expanded.starts_with('/') ? files.locate(expanded, here_directory) : location_of(expanded));
    return candidates;
  }
  for (const std::string& directory : search_directories(files)) {
    for (const std::string_view folder : {"", "stdlib/", "contrib/"}) {
      add_candidates(candidates, location_below(directory, std::string(folder) + std::string(name)));
    }
  }
  return candidates;
}

std::optional<DocumentationPage> read_page(Files& files, const Location& page) {
  Result<FileSnapshot> taken = files.snapshot(page, Purpose::kDocumentation);
  if (!taken.ok()) return std::nullopt;
  return DocumentationPage{page.path, std::move(taken.value().bytes)};
}

}  // namespace

ModuleSearch find_module(Files& files, std::string_view name, std::string_view here_directory, Purpose purpose) {
  ModuleSearch search{candidates_for(files, name, here_directory), std::nullopt};
  const std::optional<std::size_t> found = files.first_file(search.candidates, purpose);
  if (found) search.found = search.candidates[*found];
  return search;
}

std::optional<DocumentationPage> find_documentation(Files& files, std::string_view name,
                                                    std::string_view here_directory) {
  const ModuleSearch module = find_module(files, name, here_directory, Purpose::kDocumentation);
  if (module.found && module.found->path.ends_with(kExtension)) {
    Location page = *module.found;
    page.path.replace(page.path.size() - kExtension.size(), kExtension.size(), ".md");
    if (std::optional<DocumentationPage> found = read_page(files, page)) return found;
  }
  std::vector<std::string> directories{"."};
  directories.insert(directories.end(), files.library_path().begin(), files.library_path().end());
  directories.emplace_back(kEmbeddedRoot);
  const std::string topic(name);
  for (const std::string& directory : directories) {
    for (const std::string& page :
         {"docs/reference/" + topic + ".md", "stdlib/" + topic + '/' + topic + ".md", "contrib/" + topic + ".md"}) {
      if (std::optional<DocumentationPage> found = read_page(files, location_below(directory, page))) return found;
    }
  }
  return std::nullopt;
}

std::vector<std::string> split_library_path(std::string_view list) {
  std::vector<std::string> directories;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(':', at), list.size());
    const std::string_view entry = list.substr(at, end - at);
    if (!entry.empty()) directories.push_back(paths::clean(paths::expand_home(entry)));
    at = end + 1;
  }
  return directories;
}

}  // namespace duso
