// duso read [PATH]: shows what is inside the program.
#include <string>

#include "cli/commands.hpp"
#include "cli/embedded_copy.hpp"
#include "runtime/files/path_text.hpp"

namespace duso::cli {

namespace {

constexpr std::string_view kNote = "\n**NOTE:** call `duso read path` to list directory or file contents.\n";

class ReadCommand final : public Command {
 public:
  int run(const Invocation& invocation) override {
    const auto& words = invocation.line.words();
    std::string_view path = words.empty() ? std::string_view() : words.front();
    while (path.starts_with('/') && !path.starts_with(kEmbeddedPrefix)) path.remove_prefix(1);
    const Location place = embedded_place(path);
    if (const Result<std::string> file = files_.read(place); file.ok()) {
      invocation.console.write(file.value());
    } else if (is_directory(place)) {
      invocation.console.write("Contents of " + (path.empty() ? "/" : std::string(path)) + ":\n\n" +
                               entries_of(place, ""));
    } else {
      invocation.console.write_error(describe_missing(path));
      return 1;
    }
    invocation.console.write_error(kNote);
    return 0;
  }

 private:
  bool is_directory(const Location& place) {
    const Result<FileType> type = files_.type(place);
    return type.ok() && type.value() == FileType::kDirectory;
  }

  // What is in [directory], an entry a line, each behind [indent].
  std::string entries_of(const Location& directory, std::string_view indent) {
    std::string lines;
    const Result<std::vector<DirectoryEntry>> entries = files_.list(directory);
    if (!entries.ok()) return lines;
    for (const DirectoryEntry& entry : entries.value()) {
      lines += indent;
      lines += entry.name;
      lines += entry.is_directory ? "/\n" : "\n";
    }
    return lines;
  }

  // The message about [path], which leads nowhere, with what is there instead.
  std::string describe_missing(std::string_view path) {
    std::string parent = paths::directory_of(paths::clean(path));
    if (!is_directory(embedded_place(parent))) parent = ".";
    return "Error: could not read '" + std::string(path) + "'\n\nAvailable in " + parent + ":\n\n" +
           entries_of(embedded_place(parent), "  ") + std::string(kNote);
  }

  Files files_;
};

}  // namespace

extern const CommandEntry kReadCommand{
    .name = "read",
    .operands = "[PATH]",
    .summary = "show a file or directory inside the program",
    .details =
        "Prints a file that is inside the program, such as docs/cli.md, or lists a\n"
        "directory of such files; without PATH, the directory at the top. A script finds\n"
        "the same files below /EMBED/.",
    .make = make_command<ReadCommand>,
};

}  // namespace duso::cli
