// duso install: copies this program to where everybody finds it.
//
// The copy is made beside its place and put there in one step, so a duso that is running goes on, and one that is
// started meanwhile is the old one or the new one. DESTDIR is the usual way to install into a tree that is not yet /.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "cli/commands.hpp"
#include "runtime/files/file_error.hpp"

namespace duso::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPlace = "/usr/local/bin/duso";
constexpr fs::perms kMode = fs::perms(0755);

// Puts a copy of the running program at [place]. Returns the error, or none.
std::error_code install_at(const fs::path& place) {
  const fs::path copy = place.string() + ".new";
  std::error_code problem;
  fs::copy_file("/proc/self/exe", copy, fs::copy_options::overwrite_existing, problem);
  if (!problem) fs::permissions(copy, kMode, problem);
  if (!problem) fs::rename(copy, place, problem);
  if (problem) {
    std::error_code ignored;  // it may never have been made
    fs::remove(copy, ignored);
  }
  return problem;
}

class InstallCommand final : public Command {
 public:
  int run(const Invocation& invocation) override {
    const char* const root = std::getenv("DESTDIR");
    const std::string place = (root != nullptr ? root : "") + std::string(kPlace);
    if (const std::error_code problem = install_at(place)) {
      invocation.console.write_error("Error: could not write to " + place + ": " + reason_of(problem.value()) + '\n');
      return 1;
    }
    invocation.console.write("✓ Duso installed to " + place + '\n');
    return 0;
  }
};

}  // namespace

extern const CommandEntry kInstallCommand{
    .name = "install",
    .operands = "",
    .summary = "copy duso to /usr/local/bin",
    .details =
        "Copies this program to /usr/local/bin/duso, over the one that may be there. If\n"
        "DESTDIR is in the environment, it is put in front of that path.",
    .make = make_command<InstallCommand>,
};

}  // namespace duso::cli
