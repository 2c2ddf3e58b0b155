// What duso writes about a script when it has ended: the memory profile and the runtime statistics, for those who
// asked.
#pragma once

#include <optional>
#include <string>

#include "runtime/command_line.hpp"
#include "runtime/console.hpp"
#include "runtime/tasks/script_instance.hpp"

namespace duso::cli {

class EndReports {
 public:
  // Reads from [line] which reports are wanted. [console] must outlive this.
  EndReports(const CommandLine& line, Console& console);

  bool wants_memory_profile() const { return wants_memory_profile_; }

  // Writes the reports on [instance], which is about to go. Any worker's thread may call it.
  void write(tasks::ScriptInstance& instance) const;

 private:
  void write_memory_profile(tasks::ScriptInstance& instance) const;

  Console& console_;
  bool wants_memory_profile_;
  bool wants_statistics_;
  std::optional<std::string> profile_file_;  // nothing: standard error
};

}  // namespace duso::cli
