// What exec() may start: the list given with -allow-exec (concurrency.md 12).
//
//     -allow-exec "git status,/usr/bin/convert"
//
// Each entry is a command, and arguments with which a call has to begin. Commands are looked up on PATH once, when the
// process starts, so that nobody can change later what a name means. The bare flag permits everything.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace duso {

class ExecPermissions {
 public:
  // Nothing is permitted.
  ExecPermissions() = default;
  // The flag without a list: everything is permitted.
  static ExecPermissions everything();
  // The flag with [list]. Entries that are not on PATH are in unknown() then.
  explicit ExecPermissions(std::string_view list);

  // Commands of the list that were not found.
  const std::vector<std::string>& unknown() const { return unknown_; }
  // Commands that are shells, and what else deserves a warning, as lines for standard error.
  const std::vector<std::string>& warnings() const { return warnings_; }

  struct Answer {
    std::string path;     // what to run; empty if [refusal] says why not
    std::string refusal;  // "exec: ls not permitted; ..."
  };
  // Whether [command] may be started with [arguments].
  Answer ask(const std::string& command, std::span<const std::string> arguments) const;

 private:
  struct Entry {
    std::string command;  // as written
    std::string path;     // absolute
    std::vector<std::string> arguments;
  };

  std::vector<Entry> entries_;
  std::vector<std::string> unknown_;
  std::vector<std::string> warnings_;
  bool permits_everything_ = false;
};

// The absolute path of the program [command]: on PATH, unless it contains a slash. Nothing if there is none.
std::optional<std::string> find_program(const std::string& command);

}  // namespace duso
