// Finding and reading script files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace duso {

// The bytes of the file at [path]; nothing when it can not be read or is a directory.
std::optional<std::string> read_source_file(const std::string& path);

// The files that [name] may mean for code in [directory], in the order in which they are tried (files-and-modules.md
// 7): the name itself and, unless it ends in `.du`, NAME.du and NAME/NAME.du.
std::vector<std::string> source_candidates(std::string_view directory, std::string_view name);

}  // namespace duso
