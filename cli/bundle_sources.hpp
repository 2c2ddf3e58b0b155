// The files that make up an application: all that lie below a directory.
//
// Names that begin with a dot are left out, files and directories; so is the bundle itself, should it be written there.
// Links are followed. A directory without files in it has no place in a bundle, and what is neither a file nor a
// directory has no content that could be taken along.
#pragma once

#include <string>
#include <vector>

#include "runtime/files/file_error.hpp"

namespace duso::cli {

struct BundleSource {
  std::string name;  // in the bundle: "app/lib/words.du"
  std::string path;  // on the disk
};

// The files below [directory], sorted by name, but for that which is [output]. The error is a message.
Result<std::vector<BundleSource>, std::string> find_bundle_sources(const std::string& directory,
                                                                   const std::string& output);

}  // namespace duso::cli
