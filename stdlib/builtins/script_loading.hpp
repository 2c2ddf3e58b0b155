// Scripts that scripts start: from a path as a script writes it to a program.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "runtime/tasks/script_instance.hpp"

namespace duso::stdlib {

struct LoadedProgram {
  std::shared_ptr<const syntax::Program> program;  // null: it could not be read or parsed
  bool exists = false;                             // there is a file, whatever is wrong with it
  std::string path;                                // as resolved (concurrency.md 2.1)
  std::string directory;                           // where it looks for scripts of its own
  std::string error;                               // if the program is null
};

// Where the script [path] is, for code that runs in [instance].
std::string resolve_script_path(const tasks::ScriptInstance& instance, std::string_view path);

// Reads and parses the script at [path], which was resolved.
LoadedProgram load_program_at(tasks::Worker& worker, const std::string& path);

// Both, for the script [path] as code in [instance] has it.
LoadedProgram load_program(tasks::ScriptInstance& instance, std::string_view path);

}  // namespace duso::stdlib
