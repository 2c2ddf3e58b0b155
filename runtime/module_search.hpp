// From the name of a module to its file.
//
// A name is tried as it is, with `.du`, and as a folder of that name with such a file in it; below the application's
// own directory, the library path, and then in the executable, everywhere also in `stdlib` and `contrib`. The order is
// part of the language (files-and-modules.md 7), and so is the list of all places that a failure shows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/files/files.hpp"

namespace duso {

struct ModuleSearch {
  std::vector<Location> candidates;  // in the order in which they were tried
  std::optional<Location> found;
};

// Looks for the module that [name] means in code that lies in [here_directory].
ModuleSearch find_module(Files& files, std::string_view name, std::string_view here_directory,
                         Purpose purpose = Purpose::kCode);

// A page of documentation: where it is, and its text.
struct DocumentationPage {
  std::string path;
  std::string text;
};

// The page about the module or the topic [name] (files-and-modules.md 10); nothing if there is none.
std::optional<DocumentationPage> find_documentation(Files& files, std::string_view name,
                                                    std::string_view here_directory);

// The directories in [list], separated by colons; `~` is the home directory, empty entries are left out.
std::vector<std::string> split_library_path(std::string_view list);

}  // namespace duso
