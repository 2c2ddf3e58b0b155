#include "cli/application_start.hpp"

#include <algorithm>
#include <vector>

namespace duso::cli {

ApplicationStart start_application(std::span<const char* const> arguments, const bundle::Description& application) {
  CommandLine typed(arguments);
  // The debugger is the one command that the application is the object of, and -debug is another way to write it.
  const bool debugs = typed.command() == "debug" && typed.words().empty() && !application.is_sealed;
  const bool starts = application.is_sealed || debugs || (typed.command().empty() && typed.words().empty());
  if (!starts) return {std::move(typed), false};
  std::vector<const char*> line(arguments.begin(), arguments.end());
  line.insert(line.begin() + (debugs ? 1 : 0), application.start_script.c_str());
  return {CommandLine(line), true};
}

}  // namespace duso::cli
