// duso version: prints the version.
#include <string>

#include "cli/commands.hpp"
#include "runtime/version.hpp"

namespace duso::cli {

namespace {

class VersionCommand final : public Command {
 public:
  int run(const Invocation& invocation) override {
    invocation.console.write(std::string(runtime::kVersion) + '\n');
    return 0;
  }
};

}  // namespace

extern const CommandEntry kVersionCommand{
    .name = "version",
    .operands = "",
    .summary = "print the version; also: duso --version, duso -v",
    .details = "Prints the version of duso.",
    .make = make_command<VersionCommand>,
};

}  // namespace duso::cli
