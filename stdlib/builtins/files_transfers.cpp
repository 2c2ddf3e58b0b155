// Files as wholes: copy_file, move_file, rename_file, remove_file.
#include <string>

#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/files_call.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

// An array of the one path [written].
Value array_of(const Call& call, std::string_view written) {
  Owned result(Value(new_array(call.heap(), 1)));
  push(result.get().array(), call.string(written));
  return result.take();
}

// --- copy_file, move_file ---

struct Paths {
  std::string_view source;
  std::string_view target;
};

Value raise_transfer_error(const Call& call, const Paths& paths, const TransferError& failed) {
  const std::string name = call.spec().name;
  std::string what = quoted("cannot " + name, paths.source);
  switch (failed.stage) {
    case TransferError::Stage::kNoDirectory:
      return call.raise(name + "() with wildcard source requires destination to be an existing directory");
    case TransferError::Stage::kSource:  // a source that can not be moved away may still be read
      return raise_failure(call, what, failed.error, true);
    case TransferError::Stage::kDestination:
      break;
  }
  return raise_failure(call, quoted(what + " to", paths.target), failed.error);
}

using TransferOne = Files::Transferred (Files::*)(const Location&, const Location&);
using TransferAll = Files::TransferredAll (Files::*)(const Location&, const Location&);

Value transfer(Call& call, TransferOne one, TransferAll all) {
  const String* source = optional_string(call, 0);
  const String* target = optional_string(call, 1);
  if (source == nullptr || target == nullptr) return call.requires_argument("source and destination arguments");
  const Paths paths{source->view(), target->view()};
  Files& files = files_of(call);
  const Location destination = locate(call, paths.target);
  if (has_wildcard(paths.source)) {
    const Files::TransferredAll done = (files.*all)(locate_pattern(call, paths.source), destination);
    if (!done.ok()) return raise_transfer_error(call, paths, done.error());
    return path_array(call, done.value(), paths.target);
  }
  const Files::Transferred done = (files.*one)(locate(call, paths.source), destination);
  if (!done.ok()) return raise_transfer_error(call, paths, done.error());
  return array_of(call, paths.target);
}

const BuiltinSpec kCopyFile{
    .name = "copy_file",
    .parameters = {{"src", Type::kString}, {"dst", Type::kString}},
    .returns = Type::kArray,
    .may_suspend = true,
    .errors = {"copy_file() requires source and destination arguments",
               "copy_file() with wildcard source requires destination to be an existing directory",
               "cannot copy_file '{src}': {cause}", "cannot copy_file '{src}' to '{dst}': {cause}",
               "** (recursive wildcard) is not supported", "invalid pattern: syntax error in pattern",
               "filesystem access disabled by -no-files"},
    .summary =
        "Copies a file to `dst`, or into it if that is a directory; missing directories above it are made. With a "
        "wildcard in `src` all files that match are copied into the directory `dst`. Returns the paths that were "
        "written.",
    .example = R"(save("/STORE/a.txt", "A")
print(copy_file("/STORE/a.txt", "/STORE/b.txt")) // ["/STORE/b.txt"]
print(load("/STORE/b.txt")) // A)",
    .function = [](Call& call) { return transfer(call, &Files::copy, &Files::copy_matching); },
};

const BuiltinSpec kMoveFile{
    .name = "move_file",
    .parameters = {{"src", Type::kString}, {"dst", Type::kString}},
    .returns = Type::kArray,
    .may_suspend = true,
    .errors = {"move_file() requires source and destination arguments",
               "move_file() with wildcard source requires destination to be an existing directory",
               "cannot move_file '{src}': {cause}", "cannot move_file '{src}' to '{dst}': {cause}",
               "cannot write to /EMBED/: embedded filesystem is read-only", "** (recursive wildcard) is not supported",
               "invalid pattern: syntax error in pattern", "filesystem access disabled by -no-files"},
    .summary =
        "Moves a file to `dst`, or into it if that is a directory, also from one file system to another. With a "
        "wildcard in `src` all files that match are moved into the directory `dst`. Returns the new paths.",
    .example = R"(save("/STORE/draft", "x")
move_file("/STORE/draft", "/STORE/final")
print(file_exists("/STORE/draft"), load("/STORE/final")) // false x)",
    .function = [](Call& call) { return transfer(call, &Files::move, &Files::move_matching); },
};

// --- rename_file ---

Value rename_file(Call& call) {
  const String* old_path = optional_string(call, 0);
  const String* new_path = optional_string(call, 1);
  if (old_path == nullptr || new_path == nullptr) return call.requires_argument("two path arguments");
  const Files::Transferred done = files_of(call).rename(locate(call, old_path->view()), locate(call, new_path->view()));
  if (done.ok()) return Value::nil();
  const std::string what = quoted(quoted("cannot rename", old_path->view()) + " to", new_path->view());
  return raise_failure(call, what, done.error().error, true);
}

const BuiltinSpec kRenameFile{
    .name = "rename_file",
    .parameters = {{"old_path", Type::kString}, {"new_path", Type::kString}},
    .returns = Type::kNil,
    .may_suspend = true,
    .errors = {"rename_file() requires two path arguments", "cannot rename '{old_path}' to '{new_path}': {cause}",
               "cannot write to /EMBED/: embedded filesystem is read-only", "filesystem access disabled by -no-files"},
    .summary = "Gives a file or directory another name or place. A file that has that name is replaced.",
    .example = R"(save("/STORE/old.txt", "x")
rename_file("/STORE/old.txt", "/STORE/new.txt")
print(file_exists("/STORE/old.txt"), load("/STORE/new.txt")) // false x)",
    .function = rename_file,
};

// --- remove_file ---

Value remove_file(Call& call) {
  const String* argument = required_string(call, 0, "a path argument");
  if (argument == nullptr) return Value::raise();
  const std::string_view path = argument->view();
  Files& files = files_of(call);
  const std::string what = quoted("cannot remove file", path);
  if (has_wildcard(path)) {
    const Result<std::vector<Location>> removed = files.remove_matching(locate_pattern(call, path));
    if (!removed.ok()) return raise_failure(call, what, removed.error(), true);
    return path_array(call, removed.value(), path);
  }
  const Result<Done> removed = files.remove(locate(call, path));
  if (!removed.ok()) return raise_failure(call, what, removed.error(), true);
  return array_of(call, path);
}

const BuiltinSpec kRemoveFile{
    .name = "remove_file",
    .parameters = {{"path", Type::kString}},
    .returns = Type::kArray,
    .may_suspend = true,
    .errors = {"remove_file() requires a path argument", "cannot remove file '{path}': {cause}",
               "cannot write to /EMBED/: embedded filesystem is read-only", "** (recursive wildcard) is not supported",
               "invalid pattern: syntax error in pattern", "filesystem access disabled by -no-files"},
    .summary =
        "Removes a file, an empty directory, or a link and not what it leads to. With a wildcard everything that "
        "matches and can be removed. Returns the paths that are gone.",
    .example = R"(save("/STORE/tmp/1", "")
save("/STORE/tmp/2", "")
print(remove_file("/STORE/tmp/*")) // ["/STORE/tmp/1", "/STORE/tmp/2"])",
    .function = remove_file,
};

constexpr const BuiltinSpec* kTransfers[] = {&kCopyFile, &kMoveFile, &kRenameFile, &kRemoveFile};

}  // namespace

Family transfer_builtins() { return kTransfers; }

}  // namespace duso::stdlib
