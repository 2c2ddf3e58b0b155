// Paths as text: joining, tidying and taking apart, without a look at any disk.
//
// "Clean" is the form that everything here produces: no empty or `.` parts, `..` only in front, no slash at the end,
// and `.` for what would be empty. Symbolic links are not known here, so `a/../b` becomes `b` whatever `a` is
// (files-and-modules.md 1).
#pragma once

#include <string>
#include <string_view>

namespace duso::paths {

// [path] in clean form.
std::string clean(std::string_view path);

// The place called [name] in [directory], in clean form. A [name] with a slash in front is taken as if it had none.
std::string join(std::string_view directory, std::string_view name);

// The directory that [path] lies in, in clean form: `.` for a bare name.
std::string directory_of(std::string_view path);

// The last part of [path], slashes at its end left aside; empty if there is none.
std::string_view base_name(std::string_view path);

// The way from [directory] to [path], both clean and both absolute or both relative to the same place. [directory] must
// not have more leading `..` than [path].
std::string relative_to(std::string_view path, std::string_view directory);

// Whether [path] is [directory] or lies below it; both clean.
bool is_within(std::string_view path, std::string_view directory);

// [path] with a `~` that stands alone or in front of a slash replaced by the home directory ($HOME), if there is one.
std::string expand_home(std::string_view path);

}  // namespace duso::paths
