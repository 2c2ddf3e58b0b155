// Directories: list_dir, list_files, make_dir, remove_dir.
#include <string>

#include "interpreter/execution/engine.hpp"
#include "interpreter/execution/instance.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/files_call.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

// The roots of the file systems that are no disk may be listed without the slash at their end.
std::string_view listed_path(std::string_view path) {
  if (path == "/EMBED") return kEmbeddedPrefix;
  if (path == "/STORE") return kStorePrefix;
  return path;
}

Value entry_array(const Call& call, const std::vector<DirectoryEntry>& entries) {
  execution::Engine& engine = call.instance().engine();
  Shape* shape = engine.shapes().empty()->with(engine.names().intern("name"))->with(engine.names().intern("is_dir"));
  Owned result(Value(new_array(call.heap(), entries.size())));
  for (const DirectoryEntry& entry : entries) {
    Owned object(Value(new_shaped_object(call.heap(), shape)));
    initialise_slot(object.get().object(), 0, call.string(entry.name));
    initialise_slot(object.get().object(), 1, Value(entry.is_directory));
    push(result.get().array(), object.take());
  }
  return result.take();
}

Value list_dir(Call& call) {
  const String* path = required_string(call, 0, "a path argument");
  if (path == nullptr) return Value::raise();
  const Result<std::vector<DirectoryEntry>> entries = files_of(call).list(locate(call, listed_path(path->view())));
  if (!entries.ok()) return raise_failure(call, quoted("cannot list directory", path->view()), entries.error());
  return entry_array(call, entries.value());
}

const BuiltinSpec kListDir{
    .name = "list_dir",
    .parameters = {{"path", Type::kString}},
    .returns = Type::kArray,
    .may_suspend = true,
    .errors = {"list_dir() requires a path argument", "cannot list directory '{path}': {cause}",
               "filesystem access disabled by -no-files"},
    .summary =
        "The entries of a directory, sorted by name: an array of objects with `name` and `is_dir`. Raises an error if "
        "it can not be read.",
    .example = R"(save("/STORE/box/a.txt", "")
save("/STORE/box/more/b.txt", "")
for entry in list_dir("/STORE/box") do
  print(entry.name, entry.is_dir)
end
// a.txt false
// more true)",
    .function = list_dir,
};

Value list_files(Call& call) {
  const String* pattern = required_string(call, 0, "a pattern argument");
  if (pattern == nullptr) return Value::raise();
  const Result<std::vector<Location>> found = files_of(call).find(locate_pattern(call, pattern->view()));
  if (!found.ok()) return raise_failure(call, "cannot list files", found.error());
  return path_array(call, found.value(), pattern->view());
}

const BuiltinSpec kListFiles{
    .name = "list_files",
    .parameters = {{"pattern", Type::kString}},
    .returns = Type::kArray,
    .may_suspend = true,
    .errors = {"list_files() requires a pattern argument", "** (recursive wildcard) is not supported",
               "invalid pattern: syntax error in pattern", "cannot list files: {cause}",
               "filesystem access disabled by -no-files"},
    .summary =
        "The paths that match `pattern`, sorted. `*` stands for any characters of one part of a path, `?` for one, "
        "`[a-z]` for one of a class, `[^a]` for one outside of it; a backslash takes the next character as it is.",
    .example = R"(for name in ["one.md", "two.md", "data.csv"] do
  save("/STORE/pages/" + name, "")
end
print(list_files("/STORE/pages/*.md"))
// ["/STORE/pages/one.md", "/STORE/pages/two.md"])",
    .function = list_files,
};

Value make_dir(Call& call) {
  const String* path = required_string(call, 0, "a path argument");
  if (path == nullptr) return Value::raise();
  const Result<Done> made = files_of(call).make_directory(locate(call, path->view()));
  if (!made.ok()) return raise_failure(call, quoted("cannot create directory", path->view()), made.error(), true);
  return Value::nil();
}

const BuiltinSpec kMakeDir{
    .name = "make_dir",
    .parameters = {{"path", Type::kString}},
    .returns = Type::kNil,
    .may_suspend = true,
    .errors = {"make_dir() requires a path argument", "cannot create directory '{path}': {cause}",
               "cannot write to /EMBED/: embedded filesystem is read-only", "filesystem access disabled by -no-files"},
    .summary =
        "Makes a directory, and what is missing above it. One that exists already is fine; raises an error if a file "
        "is in the way.",
    .example = R"(make_dir("/STORE/new")
print(file_type("/STORE/new")) // directory)",
    .function = make_dir,
};

Value remove_dir(Call& call) {
  const String* path = required_string(call, 0, "a path argument");
  if (path == nullptr) return Value::raise();
  const Result<Done> removed = files_of(call).remove_directory(locate(call, path->view()));
  if (!removed.ok()) return raise_failure(call, quoted("cannot remove directory", path->view()), removed.error(), true);
  return Value::nil();
}

const BuiltinSpec kRemoveDir{
    .name = "remove_dir",
    .parameters = {{"path", Type::kString}},
    .returns = Type::kNil,
    .may_suspend = true,
    .errors = {"remove_dir() requires a path argument", "cannot remove directory '{path}': {cause}",
               "cannot write to /EMBED/: embedded filesystem is read-only", "filesystem access disabled by -no-files"},
    .summary = "Removes an empty directory. Raises an error if it is not empty, or is none.",
    .example = R"(make_dir("/STORE/old")
remove_dir("/STORE/old")
print(file_exists("/STORE/old")) // false)",
    .function = remove_dir,
};

constexpr const BuiltinSpec* kDirectories[] = {&kListDir, &kListFiles, &kMakeDir, &kRemoveDir};

}  // namespace

Family directory_builtins() { return kDirectories; }

}  // namespace duso::stdlib
