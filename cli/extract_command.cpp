// duso extract SRC DST: copies files out of the program.
#include <string>

#include "cli/commands.hpp"
#include "cli/embedded_copy.hpp"
#include "cli/operands.hpp"
#include "runtime/files/path_text.hpp"

namespace duso::cli {

namespace {

class ExtractCommand final : public Command {
 public:
  int run(const Invocation& invocation) override {
    const Operands operands = read_operands(invocation.line, *this);
    if (!operands.problem.empty()) return fail(invocation, operands.problem);
    if (operands.words.size() != 2) {
      return fail(invocation,
                  "Error: extract requires source and destination arguments\nUsage: duso extract <source> <dest>");
    }
    const Result<std::vector<Location>, std::string> sources = find(operands.words[0]);
    if (!sources.ok()) return fail(invocation, "Error: " + sources.error());
    for (const Location& source : sources.value()) {
      const std::vector<Location> found = files_below(files_, source);
      for (const Location& file : found) {
        const std::string target = paths::join(operands.words[1], file.key());
        if (const auto problem = copy_out(files_, file, target)) return fail(invocation, "Error: " + *problem);
      }
    }
    return 0;
  }

 private:
  static int fail(const Invocation& invocation, const std::string& message) {
    invocation.console.write_error(message + '\n');
    return 1;
  }

  // The files and directories that [source] names, or what is wrong with it. A pattern may match nothing, a path has to
  // lead somewhere.
  Result<std::vector<Location>, std::string> find(const std::string& source) {
    const Location place = embedded_place(source);
    if (has_wildcard(source)) {
      const Result<std::vector<Location>> found = files_.find(place);
      if (!found.ok()) return found.error().cause();
      return found.value();
    }
    if (!files_.exists(place)) return "source not found: " + place.path;
    return std::vector<Location>{place};
  }

  Files files_;
};

}  // namespace

extern const CommandEntry kExtractCommand{
    .name = "extract",
    .operands = "SRC DST",
    .summary = "copy files out of the program",
    .details =
        "Copies what is inside the program to the disk: a file, a directory with all\n"
        "below it, or what a pattern like 'examples/*.du' matches. Below DST it has the\n"
        "path that it has inside the program. Files that are there are overwritten.",
    .make = make_command<ExtractCommand>,
};

}  // namespace duso::cli
