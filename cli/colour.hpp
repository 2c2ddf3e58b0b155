// Whether to write in colour.
#pragma once

namespace duso {
class CommandLine;
}

namespace duso::cli {

// Whether what goes to [descriptor] may be coloured: it is a terminal, and neither -no-color on [line] nor NO_COLOR in
// the environment, with any value but an empty one, is against it (cli.md 3).
bool wants_colour(int descriptor, const CommandLine& line);

}  // namespace duso::cli
