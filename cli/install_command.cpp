// duso install: copies this program, and its manual page, to where everybody finds them.
//
// DESTDIR is the usual way to install into a tree that is not yet /.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/embedded_copy.hpp"
#include "cli/executable_file.hpp"
#include "runtime/files/file_error.hpp"
#include "runtime/files/file_mapping.hpp"
#include "runtime/files/path_text.hpp"

namespace duso::cli {

namespace {

constexpr const char* kProgram = "/usr/local/bin/duso";
constexpr const char* kManualPage = "/usr/local/share/man/man1/duso.1";

// Puts a copy of the running program at [place]. Returns the number of the error, or 0.
int install_program(const std::string& place) {
  const Result<FileMapping> own = FileMapping::open("/proc/self/exe");
  if (!own.ok()) return own.error().problem;
  ExecutableFile copy(place);
  copy.append(own.value().bytes());
  return copy.commit();
}

class InstallCommand final : public Command {
 public:
  int run(const Invocation& invocation) override {
    const char* const destination = std::getenv("DESTDIR");
    const std::string root = destination != nullptr ? destination : "";
    const std::string program = root + kProgram;
    if (const int problem = install_program(program); problem != 0) {
      return fail(invocation, "could not write to " + program + ": " + reason_of(problem));
    }
    invocation.console.write("✓ Duso installed to " + program + '\n');
    Files files;
    if (const auto problem = copy_out(files, embedded_place("docs/man/duso.1"), root + kManualPage)) {
      return fail(invocation, *problem);
    }
    return 0;
  }

 private:
  static int fail(const Invocation& invocation, const std::string& message) {
    invocation.console.write_error("Error: " + message + '\n');
    return 1;
  }
};

}  // namespace

extern const CommandEntry kInstallCommand{
    .name = "install",
    .operands = "",
    .summary = "copy duso to /usr/local/bin",
    .details =
        "Copies this program to /usr/local/bin/duso, over the one that may be there, and\n"
        "its manual page to /usr/local/share/man/man1. If DESTDIR is in the environment,\n"
        "it is put in front of these paths.",
    .make = make_command<InstallCommand>,
};

}  // namespace duso::cli
