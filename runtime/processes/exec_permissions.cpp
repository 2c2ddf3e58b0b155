#include "runtime/processes/exec_permissions.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <sys/stat.h>

namespace duso {

namespace {

constexpr std::array<std::string_view, 8> kShells = {"sh", "bash", "zsh", "dash", "ksh", "fish", "csh", "tcsh"};

bool is_program(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && access(path.c_str(), X_OK) == 0;
}

std::string absolute(const std::string& path) {
  std::error_code error;
  const std::filesystem::path full = std::filesystem::absolute(path, error);
  return error ? path : full.lexically_normal().string();
}

// The parts of [text] between any of [separators], without empty ones.
std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t start = text.find_first_not_of(separators);
    if (start == std::string_view::npos) return parts;
    text.remove_prefix(start);
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

}  // namespace

std::optional<std::string> find_program(const std::string& command) {
  if (command.empty()) return std::nullopt;
  if (command.find('/') != std::string::npos) {
    return is_program(command) ? std::optional(absolute(command)) : std::nullopt;
  }
  const char* const path = std::getenv("PATH");
  for (const std::string& directory : split(path != nullptr ? path : "", ":")) {
    const std::string candidate = directory + '/' + command;
    if (is_program(candidate)) return absolute(candidate);
  }
  return std::nullopt;
}

ExecPermissions ExecPermissions::everything() {
  ExecPermissions permissions;
  permissions.permits_everything_ = true;
  permissions.warnings_.emplace_back(
      "warning: -allow-exec with no command list - exec() can run anything this user can run");
  return permissions;
}

ExecPermissions::ExecPermissions(std::string_view list) {
  for (const std::string& text : split(list, ",")) {
    std::vector<std::string> words = split(text, " \t\r\n");
    if (words.empty()) continue;
    const std::string command = words.front();
    const std::optional<std::string> path = find_program(command);
    if (!path.has_value()) {
      unknown_.push_back(command);
      continue;
    }
    const std::string name = std::filesystem::path(command).filename().string();
    if (std::ranges::find(kShells, name) != kShells.end()) {
      warnings_.push_back("warning: -allow-exec permits " + name + " - a shell can run anything");
    }
    words.erase(words.begin());
    entries_.push_back({command, *path, std::move(words)});
  }
}

ExecPermissions::Answer ExecPermissions::ask(const std::string& command, std::span<const std::string> arguments) const {
  if (permits_everything_) {
    const std::optional<std::string> path = find_program(command);
    return path.has_value() ? Answer{*path, {}} : Answer{{}, "exec: " + command + " not found"};
  }
  std::string permitted;
  for (const Entry& entry : entries_) {
    if (entry.command != command && entry.path != command) continue;
    const std::size_t count = entry.arguments.size();
    if (count <= arguments.size() && std::ranges::equal(entry.arguments, arguments.first(count))) {
      return {entry.path, {}};
    }
    if (!permitted.empty()) permitted += ", ";
    permitted += entry.command;
    for (const std::string& argument : entry.arguments) permitted += ' ' + argument;
  }
  if (permitted.empty()) {
    return {{}, "exec: " + command + " not permitted; start duso with -allow-exec \"" + command + '"'};
  }
  return {{}, "exec: " + command + " not permitted with those args; permitted: " + permitted};
}

}  // namespace duso
