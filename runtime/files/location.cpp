#include "runtime/files/location.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "runtime/files/path_text.hpp"

namespace duso {

namespace {

std::string_view prefix_of(Volume volume) {
  switch (volume) {
    case Volume::kEmbedded:
      return kEmbeddedPrefix;
    case Volume::kStore:
      return kStorePrefix;
    case Volume::kDisk:
      break;
  }
  return {};
}

// Whether [directory], which is clean and so without a slash at its end, is the root that [prefix] stands for, or
// below.
bool is_below_prefix(std::string_view directory, std::string_view prefix) {
  return directory.starts_with(prefix) || directory == prefix.substr(0, prefix.size() - 1);
}

std::string as_it_is(std::string_view directory) { return std::string(directory); }

// A pattern that only [directory] matches.
std::string as_plain_pattern(std::string_view directory) {
  std::string pattern;
  for (const char byte : directory) {
    if (std::string_view("*?[\\").find(byte) != std::string_view::npos) pattern += '\\';
    pattern += byte;
  }
  return pattern;
}

// The place of [path], with [spell] applied to the directory that it starts from.
Location locate_from(std::string_view path, const Bases& bases, std::string (*spell)(std::string_view)) {
  if (path.starts_with(kHerePrefix)) {
    return location_below(spell(bases.here_directory), path.substr(kHerePrefix.size()));
  }
  if (path.starts_with(kWorkingDirectoryPrefix)) {
    const std::string_view rest = path.substr(kWorkingDirectoryPrefix.size());
    return {Volume::kDisk, paths::join(spell(working_directory()), rest)};
  }
  if (path.empty() || !is_bare(path) || bases.app_directory == ".") return location_of(std::string(path));
  return location_below(spell(bases.app_directory), path);
}

}  // namespace

std::string_view Location::key() const { return std::string_view(path).substr(prefix_of(volume).size()); }

Location location_of(std::string path) {
  if (path.starts_with(kStorePrefix)) return {Volume::kStore, std::move(path)};
  if (!path.starts_with(kEmbeddedPrefix)) return {Volume::kDisk, std::move(path)};
  std::ranges::replace(path, '\\', '/');
  return {Volume::kEmbedded, std::move(path)};
}

Location location_below(std::string_view directory, std::string_view name) {
  for (const Volume volume : {Volume::kEmbedded, Volume::kStore}) {
    const std::string_view prefix = prefix_of(volume);
    if (!is_below_prefix(directory, prefix)) continue;
    const std::string_view inside = directory.substr(std::min(directory.size(), prefix.size()));
    const std::string key = paths::join(inside, name);
    return {volume, std::string(prefix) + (key == "." ? "" : key)};
  }
  return {Volume::kDisk, paths::join(directory, name)};
}

Location locate(std::string_view path, const Bases& bases) { return locate_from(path, bases, as_it_is); }

Location locate_pattern(std::string_view pattern, const Bases& bases) {
  return locate_from(pattern, bases, as_plain_pattern);
}

std::string spelled_for_script(const Location& location, bool bare, std::string_view app_directory) {
  if (!bare) return location.path;
  return paths::relative_to(location.path, app_directory);
}

std::string working_directory() {
  std::error_code problem;
  const std::filesystem::path directory = std::filesystem::current_path(problem);
  return problem ? "." : directory.string();
}

}  // namespace duso
