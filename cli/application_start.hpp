// The command line of a program that carries an application (cli.md 13).
//
// Without words it is the application that runs, as if its script had been typed in front of the flags. With words the
// program is duso with some more files inside, unless the application is sealed: then all words are its own.
#pragma once

#include <span>

#include "runtime/bundle/archive.hpp"
#include "runtime/command_line.hpp"

namespace duso::cli {

struct ApplicationStart {
  CommandLine line;
  bool starts_application = false;
};

// What [arguments], without the program's own name, mean for [application].
ApplicationStart start_application(std::span<const char* const> arguments, const bundle::Description& application);

}  // namespace duso::cli
