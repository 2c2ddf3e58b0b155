// Files as texts, and what a path leads to: load, save, append_file, file_exists, file_type, current_dir.
#include <string>

#include "runtime/host.hpp"
#include "stdlib/builtins/arguments.hpp"
#include "stdlib/builtins/families.hpp"
#include "stdlib/builtins/files_call.hpp"

namespace duso::stdlib {

using execution::BuiltinSpec;
using execution::Call;
using execution::Type;

namespace {

constexpr Type kContent = Type::kString | Type::kNumber | Type::kBoolean | Type::kBinary;

Value load(Call& call) {
  const std::optional<std::string> path = filename_argument(call, 0);
  if (!path) return call.requires_argument("a filename argument");
  const Result<std::string> bytes = files_of(call).read(locate(call, *path), longest_string(call));
  if (!bytes.ok()) return raise_failure(call, quoted("cannot load", *path), bytes.error());
  return call.string(bytes.value());
}

const BuiltinSpec kLoad{
    .name = "load",
    .parameters = {{"filename", Type::kString}},
    .returns = Type::kString,
    .may_suspend = true,
    .errors = {"load() requires a filename argument", "cannot load '{filename}': {cause}",
               "filesystem access disabled by -no-files"},
    .summary =
        "The bytes of a file as a string, without any conversion. A path that does not start with `/` is looked for "
        "beside the script that was started; `/HERE/` is the directory of the file that the call stands in, `/CWD/` "
        "the working directory, `/EMBED/` what is inside the program, `/STORE/` files in memory. Raises an error if "
        "the file can not be read.",
    .example = R"(try
  load("no-such-file.txt")
catch (e)
  print(starts_with(e.message, "cannot load 'no-such-file.txt'")) // true
end)",
    .function = load,
};

// Writes the second argument to the file that the first one names.
Value write(Call& call, WriteMode mode, std::string_view verb) {
  const std::optional<std::string> path = filename_argument(call, 0);
  const Content content(call.argument(1));
  if (!path || !content.is_valid()) {
    return call.requires_argument(std::string(call.spec().parameters[0].name) + " and content arguments");
  }
  const Result<Done> written = files_of(call).write(locate(call, *path), content.bytes(), mode);
  if (written.ok()) return Value::nil();
  const FileError::Kind kind = written.error().kind;
  const bool was_open = kind == FileError::Kind::kUnwritten || kind == FileError::Kind::kReadOnly;
  const bool is_append = mode == WriteMode::kAppend;
  return raise_failure(call, quoted(is_append && was_open ? "cannot append to" : verb, *path), written.error());
}

const BuiltinSpec kSave{
    .name = "save",
    .parameters = {{"filename", Type::kString}, {"content", kContent}},
    .returns = Type::kNil,
    .may_suspend = true,
    .errors = {"save() requires filename and content arguments", "cannot save '{filename}': {cause}",
               "filesystem access disabled by -no-files"},
    .summary =
        "Writes `content` to a file, replacing what was in it. Numbers and booleans are written as text, binaries as "
        "they are. The directory must exist. Paths are those of `load`; raises an error if the file can not be "
        "written.",
    .example = R"(save("/STORE/note.txt", "remember")
print(load("/STORE/note.txt")) // remember)",
    .function = [](Call& call) { return write(call, WriteMode::kReplace, "cannot save"); },
};

const BuiltinSpec kAppendFile{
    .name = "append_file",
    .parameters = {{"path", Type::kString}, {"content", kContent}},
    .returns = Type::kNil,
    .may_suspend = true,
    .errors = {"append_file() requires path and content arguments", "cannot open '{path}': {cause}",
               "cannot append to '{path}': {cause}", "filesystem access disabled by -no-files"},
    .summary =
        "Writes `content` behind what is in a file already, which is made if it is missing. The directory must exist.",
    .example = R"(append_file("/STORE/log.txt", "one ")
append_file("/STORE/log.txt", "two")
print(load("/STORE/log.txt")) // one two)",
    .function = [](Call& call) { return write(call, WriteMode::kAppend, "cannot open"); },
};

Value file_exists(Call& call) {
  const String* path = required_string(call, 0, "a path argument");
  if (path == nullptr) return Value::raise();
  return Value(files_of(call).exists(locate(call, path->view())));
}

const BuiltinSpec kFileExists{
    .name = "file_exists",
    .parameters = {{"path", Type::kString}},
    .returns = Type::kBoolean,
    .may_suspend = true,
    .errors = {"file_exists() requires a path argument"},
    .summary = "Whether there is a file or directory at `path`. A link counts if what it leads to exists.",
    .example = R"(save("/STORE/here.txt", "")
print(file_exists("/STORE/here.txt"), file_exists("/STORE/no")) // true false)",
    .function = file_exists,
};

Value file_type(Call& call) {
  const String* path = required_string(call, 0, "a path argument");
  if (path == nullptr) return Value::raise();
  const Result<FileType> type = files_of(call).type(locate(call, path->view()));
  if (!type.ok()) return raise_failure(call, quoted("cannot stat", path->view()), type.error());
  return call.string(type.value() == FileType::kDirectory ? "directory" : "file");
}

const BuiltinSpec kFileType{
    .name = "file_type",
    .parameters = {{"path", Type::kString}},
    .returns = Type::kString,
    .may_suspend = true,
    .errors = {"file_type() requires a path argument", "cannot stat '{path}': {cause}",
               "filesystem access disabled by -no-files"},
    .summary = "`\"file\"` or `\"directory\"`: what is at `path`. Raises an error if nothing is there.",
    .example = R"(print(file_type("/EMBED/README.md")) // file
print(file_type("/EMBED/docs")) // directory)",
    .function = file_type,
};

Value current_dir(Call& call) {
  const std::string directory = working_directory();
  if (directory == ".") {
    return call.raise("cannot get current directory: " +
                      FileError{FileError::Kind::kNotFound, directory, {}, 0}.cause());
  }
  return call.string(directory);
}

const BuiltinSpec kCurrentDir{
    .name = "current_dir",
    .returns = Type::kString,
    .summary = "The working directory of the process, as an absolute path.",
    .example = R"(print(starts_with(current_dir(), "/")) // true)",
    .function = current_dir,
};

constexpr const BuiltinSpec* kFiles[] = {&kLoad, &kSave, &kAppendFile, &kFileExists, &kFileType, &kCurrentDir};

}  // namespace

Family file_builtins() { return kFiles; }

}  // namespace duso::stdlib
