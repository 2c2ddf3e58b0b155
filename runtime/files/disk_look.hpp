// A look at the disk, to find out later whether something has changed since.
//
// Beside the state itself a look tells where a change would show first: the directories that were read, and the file
// with the one that it is in, since editors like to put a new file in the place of the old one. Whoever has the system
// watch these places and looks again need not look all the time - but for a change that no directory is told of: one
// by another machine, one by another name of a file, a new name of a directory further up.
#pragma once

#include <set>
#include <string>

#include "runtime/files/file_error.hpp"
#include "runtime/files/wildcard.hpp"

namespace duso {

struct DiskLook {
  std::string signature;         // equal texts mean that nothing changed; empty if nothing is there
  std::set<std::string> places;  // to watch, all of them there a moment ago
  bool is_announced = true;      // the system learns of all changes there, as far as a file system can tell
};

// Looks at [path] and everything below it, without reading files. That it is not there is no error.
Result<DiskLook> look_at(const std::string& path);

// Looks at everything that [pattern] matches.
DiskLook look_at_matches(const PathPattern& pattern);

}  // namespace duso
