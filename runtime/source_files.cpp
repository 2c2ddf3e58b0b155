#include "runtime/source_files.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace duso {

namespace fs = std::filesystem;

std::optional<std::string> read_source_file(const std::string& path) {
  std::error_code problem;
  if (fs::is_directory(path, problem)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) return std::nullopt;
  return text;
}

std::vector<std::string> source_candidates(std::string_view directory, std::string_view name) {
  const fs::path base = (fs::path(name).is_absolute() ? fs::path(name) : fs::path(directory) / name).lexically_normal();
  std::vector<std::string> candidates{base.string()};
  if (base.extension() != ".du") {
    candidates.push_back(base.string() + ".du");
    candidates.push_back((base / base.filename()).string() + ".du");
  }
  return candidates;
}

}  // namespace duso
