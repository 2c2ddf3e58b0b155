// From the files inside the program to the disk: what duso extract and duso init have in common, and how the words on a
// command line name such files.
//
// There the prefix /EMBED/ goes without saying, since nothing else can be meant; it may be written all the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/files/files.hpp"

namespace duso::cli {

// The place inside the program that [word] means, or the pattern of such places.
Location embedded_place(std::string_view word);

// The file [place], or all files below it, sorted by name; empty if there is nothing.
std::vector<Location> files_below(Files& files, const Location& place);

// Copies [file] to [path] on the disk, over the file that is there, and makes missing directories above it. Returns
// what went wrong, as in "cannot write out/LICENSE: permission denied at out/LICENSE", or nothing.
std::optional<std::string> copy_out(Files& files, const Location& file, const std::string& path);

}  // namespace duso::cli
