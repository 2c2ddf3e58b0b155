// The files that a tool was asked to look at.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace duso::cli {

// The files that [operands] name, in their order: each that is a directory stands for all `.du` files below it, sorted;
// every other one is a file, whether it exists or not.
std::vector<std::string> expand_directories(const std::vector<std::string>& operands);

// What is in a file, or why it could not be read.
struct FileText {
  std::optional<std::string> text;
  std::string problem;  // "open x.du: no such file or directory"
};

// Reads the file at [path]; `-` is standard input.
FileText read_file(const std::string& path);

// Writes [text] to the file at [path], in the place of what it may have contained. Returns what went wrong, as in "open
// x.xml: permission denied", or nothing.
std::optional<std::string> write_file(const std::string& path, const std::string& text);

// Puts [text] into the file at [path], which exists: whatever happens, it has its old content or its new one. Returns
// what went wrong, as in "write x.du: permission denied", or nothing.
std::optional<std::string> replace_file(const std::string& path, const std::string& text);

}  // namespace duso::cli
