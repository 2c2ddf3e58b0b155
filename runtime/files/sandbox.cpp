#include "runtime/files/sandbox.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "runtime/files/path_text.hpp"

namespace duso {

namespace {

bool has_right_ending(std::string_view path, Purpose purpose) {
  return path.ends_with(".du") || (purpose == Purpose::kDocumentation && path.ends_with(".md"));
}

std::string absolute(const std::string& path) {
  return path.starts_with('/') ? paths::clean(path) : paths::join(working_directory(), path);
}

// Where [path] really is; empty if it does not exist.
std::string real(const std::string& path) {
  std::error_code problem;
  const std::filesystem::path found = std::filesystem::canonical(path, problem);
  return problem ? std::string() : found.string();
}

// Whether [path] is in [directory] by its name.
bool is_named_within(const std::string& path, const std::string& directory) {
  return paths::is_within(absolute(path), absolute(directory));
}

}  // namespace

bool Sandbox::allows(const Location& place, Purpose purpose, const std::string& app_directory,
                     const std::vector<std::string>& library_path) const {
  if (!on_ || place.volume != Volume::kDisk) return true;
  if (purpose == Purpose::kData || !has_right_ending(place.path, purpose)) return false;
  const auto names = [&place](const std::string& directory) {
    return location_of(directory).volume == Volume::kDisk && is_named_within(place.path, directory);
  };
  // What is outside by its name is not even looked for: that it exists is nobody's business.
  const bool is_named_inside =
      (purpose == Purpose::kCode && names(app_directory)) || std::ranges::any_of(library_path, names);
  return is_named_inside && allows_target(place, real(place.path), purpose, app_directory, library_path);
}

bool Sandbox::allows_target(const Location& place, const std::string& target, Purpose purpose,
                            const std::string& app_directory, const std::vector<std::string>& library_path) const {
  if (!on_ || place.volume != Volume::kDisk) return true;
  if (target.empty() || !has_right_ending(target, purpose)) return false;
  const auto contains = [&](const std::string& directory) {
    if (location_of(directory).volume != Volume::kDisk || !is_named_within(place.path, directory)) return false;
    const std::string root = real(directory);
    return !root.empty() && paths::is_within(target, root);
  };
  return (purpose == Purpose::kCode && contains(app_directory)) || std::ranges::any_of(library_path, contains);
}

}  // namespace duso
