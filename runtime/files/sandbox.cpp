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

// Whether [path] is in [directory], by name and also after all links were followed.
bool is_really_within(const std::string& path, const std::string& directory) {
  // What is outside by its name is not even looked for: that it exists is nobody's business.
  if (!paths::is_within(absolute(path), absolute(directory))) return false;
  const std::string target = real(path);
  const std::string root = real(directory);
  return !target.empty() && !root.empty() && paths::is_within(target, root);
}

}  // namespace

bool Sandbox::allows(const Location& place, Purpose purpose, const std::string& app_directory,
                     const std::vector<std::string>& library_path) const {
  if (!on_ || place.volume != Volume::kDisk) return true;
  if (purpose == Purpose::kData || !has_right_ending(place.path, purpose)) return false;
  const auto contains = [&place](const std::string& directory) {
    return location_of(directory).volume == Volume::kDisk && is_really_within(place.path, directory);
  };
  const bool inside =
      (purpose == Purpose::kCode && contains(app_directory)) || std::ranges::any_of(library_path, contains);
  return inside && has_right_ending(real(place.path), purpose);
}

}  // namespace duso
