#include "cli/bundle_sources.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "runtime/bundle/archive.hpp"

namespace duso::cli {

namespace {

namespace fs = std::filesystem;

class Walk {
 public:
  explicit Walk(const fs::path& output) : output_(output) {}

  // Adds what is in [directory], whose files have names that begin with [prefix]. Returns what is wrong.
  std::optional<std::string> add_directory(const fs::path& directory, const std::string& prefix) {
    std::error_code problem;
    const fs::path real = fs::canonical(directory, problem);
    if (problem) return unreadable(directory, problem);
    if (std::ranges::find(above_, real) != above_.end()) return "directory contains itself: " + directory.string();
    above_.push_back(real);
    for (fs::directory_iterator entry(directory, problem), end; !problem && entry != end; entry.increment(problem)) {
      const std::string name = entry->path().filename().string();
      if (name.starts_with('.')) continue;
      if (auto wrong = add(entry->path(), prefix + name)) return wrong;
    }
    above_.pop_back();
    if (problem) return unreadable(directory, problem);
    return std::nullopt;
  }

  std::vector<BundleSource> take() {
    std::ranges::sort(sources_, {}, &BundleSource::name);
    return std::move(sources_);
  }

 private:
  std::optional<std::string> add(const fs::path& path, const std::string& name) {
    std::error_code problem;
    const fs::file_status status = fs::status(path, problem);
    if (fs::is_directory(status)) return add_directory(path, name + '/');
    if (fs::exists(status) && !fs::is_regular_file(status)) return "neither file nor directory: " + path.string();
    if (problem || !fs::exists(status)) {
      return unreadable(path, problem ? problem : std::make_error_code(std::errc::no_such_file_or_directory));
    }
    std::error_code ignored;  // there need not be an output yet
    if (fs::equivalent(path, output_, ignored)) return std::nullopt;
    if (!bundle::is_good_name(name)) return "a name in a bundle cannot contain a backslash: " + path.string();
    sources_.push_back({name, path.string()});
    return std::nullopt;
  }

  static std::string unreadable(const fs::path& path, const std::error_code& problem) {
    return "could not read " + path.string() + ": " + reason_of(problem.value());
  }

  const fs::path output_;
  std::vector<fs::path> above_;  // the directories that the walk is in
  std::vector<BundleSource> sources_;
};

}  // namespace

Result<std::vector<BundleSource>, std::string> find_bundle_sources(const std::string& directory,
                                                                   const std::string& output) {
  Walk walk(output);
  if (const auto wrong = walk.add_directory(directory, std::string(bundle::kFolder))) return *wrong;
  return walk.take();
}

}  // namespace duso::cli
