// What the builtins for files share: their arguments, the places these mean, and the words for what went wrong.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interpreter/execution/builtin.hpp"
#include "interpreter/values/string.hpp"
#include "runtime/files/files.hpp"

namespace duso::stdlib {

// The file layer that the script of [call] works with.
Files& files_of(const execution::Call& call);

// The directory of the file whose code makes [call], or of the nearest one around it; the working directory when there
// is no file (files-and-modules.md 1.2).
std::string here_directory(const execution::Call& call);

// The place that [path] means where [call] is made; the same for a wildcard pattern.
Location locate(const execution::Call& call, std::string_view path);
Location locate_pattern(const execution::Call& call, std::string_view pattern);

// Whether the argument at [index] was given by name. A builtin rarely has reason to ask.
bool given_by_name(const execution::Call& call, std::size_t index);

// The argument at [index] as the name of a file: a string, or a number or boolean that was given by name. Nothing
// otherwise.
std::optional<std::string> filename_argument(const execution::Call& call, std::size_t index);

// What may be written to a file: a string, a number, a boolean or a binary. Holds what it points to.
class Content {
 public:
  explicit Content(Value value);
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;

  bool is_valid() const { return is_valid_; }
  std::string_view bytes() const { return bytes_; }

 private:
  bool is_valid_ = true;
  std::string converted_;
  std::shared_ptr<const std::string> shared_;
  std::string_view bytes_;
};

// The most bytes of a file that can become a string of the script.
std::size_t longest_string(const execution::Call& call);

// Raises "[what]: CAUSE". A refusal of the sandbox and a bad pattern have a message of their own, and so has a write
// below /EMBED/ if [bare_read_only]. Returns Value::raise().
Value raise_failure(const execution::Call& call, std::string_view what, const FileError& error,
                    bool bare_read_only = false);

// "[verb] 'PATH'", as messages begin.
std::string quoted(std::string_view verb, std::string_view path);

// [places] as an array of strings that the script can use again; [written] is the path or pattern that they come from.
Value path_array(const execution::Call& call, const std::vector<Location>& places, std::string_view written);

}  // namespace duso::stdlib
