// duso init DIR: begins a project from a template.
//
// The templates are the directories of /EMBED/examples/init/, so a new one is added by adding its files. On a terminal
// it is a short conversation; with all answers on the command line, scripts can use it too. What it would destroy by
// accident is somebody's own files: they are only written over after a "y" or with -force.
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/commands.hpp"
#include "cli/embedded_copy.hpp"
#include "cli/operands.hpp"
#include "runtime/files/path_text.hpp"

namespace duso::cli {

namespace {

constexpr std::string_view kTemplates = "/EMBED/examples/init";

// The names of the templates, sorted.
std::vector<std::string> template_names(Files& files) {
  std::vector<std::string> names;
  const Result<std::vector<DirectoryEntry>> entries = files.list(location_of(std::string(kTemplates)));
  if (!entries.ok()) return names;
  for (const DirectoryEntry& entry : entries.value()) {
    if (entry.is_directory) names.push_back(entry.name);
  }
  return names;
}

std::string absolute_path(const std::string& path) {
  return path.starts_with('/') ? paths::clean(path) : paths::join(working_directory(), path);
}

bool is_occupied(const std::string& directory) {
  std::error_code problem;
  return std::filesystem::exists(directory, problem) && !std::filesystem::is_empty(directory, problem);
}

// What the user types in answer to [question]; nothing when there is no answer to be had.
std::optional<std::string> ask(Console& console, const std::string& question) {
  console.write(question);
  return console.reads_input() ? console.read_line() : std::nullopt;
}

class InitCommand final : public Command {
 public:
  void declare(Usage& usage) override {
    usage.add_choice("template", template_, names_, "NAME", "the template, instead of asking for it");
    usage.add_switch("yes", yes_, true, "do not ask whether to go on");
    usage.add_mention("no-stdin", "", "do not read answers");
    usage.add_switch("force", force_, true, "write into a directory that is not empty");
  }

  int run(const Invocation& invocation) override {
    const Operands operands = read_operands(invocation.line, *this);
    if (!operands.problem.empty()) return fail(invocation, operands.problem);
    if (operands.words.empty()) return fail(invocation, "Error: project name is required: duso -init my-project");
    if (operands.words.size() > 1) return fail(invocation, "Error: init takes one directory");
    if (template_.empty() && !choose(invocation.console)) return fail(invocation, "Error: invalid selection");

    const std::string& directory = operands.words.front();
    const std::string path = absolute_path(directory);
    if (yes_ && !force_ && is_occupied(path)) {
      return fail(invocation, "Error: " + path + " is not empty (-force writes into it)");
    }
    if (!yes_ && !is_confirmed(invocation.console, path)) {
      invocation.console.write("Cancelled.\n");
      return 0;
    }
    if (const auto problem = copy_template(path)) return fail(invocation, "Error: " + *problem);
    invocation.console.write("\n✅ Project created at: " + path + "\nRun with: cd " + directory + " && duso " +
                             template_ + ".du\n");
    return 0;
  }

 private:
  static int fail(const Invocation& invocation, const std::string& message) {
    invocation.console.write_error(message + '\n');
    return 1;
  }

  // Asks for the template. False if the answer is none of them.
  bool choose(Console& console) {
    std::string menu = "Available templates:\n\n";
    for (std::size_t i = 0; i < names_.size(); ++i) menu += "  " + std::to_string(i + 1) + ". " + names_[i] + '\n';
    const auto answer = ask(console, menu + "\nSelect a template (1-" + std::to_string(names_.size()) + "): ");
    if (!answer) return false;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (*answer == std::to_string(i + 1)) template_ = names_[i];
    }
    return !template_.empty();
  }

  static bool is_confirmed(Console& console, const std::string& path) {
    const auto answer = ask(console, "\nCreate new project at:\n" + path + "? [y/N]: ");
    return answer && (*answer == "y" || *answer == "Y");
  }

  // Copies the files of the template below [path]. Returns what went wrong, or nothing.
  std::optional<std::string> copy_template(const std::string& path) {
    const Location root = location_below(kTemplates, template_);
    for (const Location& file : files_below(files_, root)) {
      const std::string target = paths::join(path, paths::relative_to(file.path, root.path));
      if (auto problem = copy_out(files_, file, target)) return problem;
    }
    return std::nullopt;
  }

  Files files_;
  const std::vector<std::string> names_ = template_names(files_);
  std::string template_;
  bool yes_ = false;
  bool force_ = false;
};

}  // namespace

extern const CommandEntry kInitCommand{
    .name = "init",
    .operands = "DIR",
    .summary = "begin a project from a template",
    .details =
        "Makes the directory DIR and copies a template into it, for which it asks:\n"
        "basic, bees (workers), chat, hello or http-server. With -template and -yes it\n"
        "asks nothing. A directory that is not empty needs a typed y, or -force; files\n"
        "of other names stay.",
    .make = make_command<InitCommand>,
};

}  // namespace duso::cli
