#include "runtime/files/path_text.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace duso::paths {

namespace {

// The parts of [path] that are neither empty nor `.`.
std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (!part.empty() && part != ".") parts.push_back(part);
    at = end + 1;
  }
  return parts;
}

std::string_view without_end_slashes(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

}  // namespace

std::string clean(std::string_view path) {
  const bool is_absolute = path.starts_with('/');
  std::vector<std::string_view> kept;
  for (const std::string_view part : parts_of(path)) {
    if (part == ".." && !kept.empty() && kept.back() != "..") {
      kept.pop_back();
    } else if (part != ".." || !is_absolute) {  // above the root there is the root
      kept.push_back(part);
    }
  }
  std::string result = is_absolute ? "/" : "";
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i != 0) result += '/';
    result += kept[i];
  }
  return result.empty() ? "." : result;
}

std::string join(std::string_view directory, std::string_view name) {
  if (directory.empty()) directory = ".";
  std::string joined(directory);
  joined += '/';
  joined += name;
  return clean(joined);
}

std::string directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return clean(path.substr(0, slash + 1));
}

std::string_view base_name(std::string_view path) {
  path = without_end_slashes(path);
  return path.substr(path.rfind('/') + 1);
}

std::string relative_to(std::string_view path, std::string_view directory) {
  const std::vector<std::string_view> target = parts_of(path);
  const std::vector<std::string_view> base = parts_of(directory);
  std::size_t common = 0;
  while (common < target.size() && common < base.size() && target[common] == base[common]) ++common;
  std::string result;
  for (std::size_t i = common; i < base.size(); ++i) result += "../";
  for (std::size_t i = common; i < target.size(); ++i) {
    result += target[i];
    result += '/';
  }
  return clean(result);
}

bool is_within(std::string_view path, std::string_view directory) {
  if (directory == ".") return !path.starts_with('/') && path != ".." && !path.starts_with("../");
  if (directory == "/") return path.starts_with('/');
  if (!path.starts_with(directory)) return false;
  return path.size() == directory.size() || path[directory.size()] == '/';
}

std::string expand_home(std::string_view path) {
  if (path != "~" && !path.starts_with("~/")) return std::string(path);
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') return std::string(path);
  return join(home, path.substr(1));
}

}  // namespace duso::paths
