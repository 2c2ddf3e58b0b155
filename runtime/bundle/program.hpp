// Executables of duso as files, and the mark in them that says whether an application follows.
//
// Every executable has a fuse: a text that is in it once and ends with 0. Whoever appends an application makes that a
// 1. So a program that carries none knows it without looking at its own file, which costs nothing at start; and one
// that does carry one knows that too, whatever has happened to the end of its file, and will not run without it. And a
// file without a fuse can not carry one, whatever it calls itself. (Node.js marks its single executable applications
// in the same way.)
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "runtime/files/file_error.hpp"

namespace duso::bundle {

// Whether this process runs from an executable with an application behind it.
bool carries_application();

// The file of such an executable, without what may be behind it.
struct Program {
  std::string_view bytes;
  std::size_t fuse;  // where in them the mark is
};

inline constexpr char kFuseIntact = '0';
inline constexpr char kFuseBlown = '1';  // an application follows

// The program in [executable], which is a file's content; or why there is none, as in "it is no executable of duso".
Result<Program, std::string> find_program(std::string_view executable);

}  // namespace duso::bundle
